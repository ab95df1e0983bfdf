# The same image that `make image` assembles without a container engine: one static binary and time zones, no shell.
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends libyaml-dev pkg-config tzdata zlib1g-dev
WORKDIR /src
COPY Package.swift Package.resolved* ./
COPY Sources Sources
COPY Benchmarks Benchmarks
COPY Tests Tests
RUN swift build --configuration release --product tallygate \
      --static-swift-stdlib -Xswiftc -static-executable \
 && strip --strip-all -o /tallygate "$(swift build --configuration release --show-bin-path)/tallygate" \
 && mkdir -p /root-of-image/var/lib/tallygate /root-of-image/usr/share \
 && cp -a /usr/share/zoneinfo /root-of-image/usr/share/ \
 && rm -rf /root-of-image/usr/share/zoneinfo/posix /root-of-image/usr/share/zoneinfo/right \
      /root-of-image/usr/share/zoneinfo/localtime /root-of-image/usr/share/zoneinfo/posixrules \
 && chmod 700 /root-of-image/var/lib/tallygate && chown 65532:65532 /root-of-image/var/lib/tallygate

FROM scratch
COPY --from=build /root-of-image/ /
COPY --from=build /tallygate /tallygate
USER 65532:65532
# A crash ends at once: there is nobody to read a trace, and the kubelet starts anew.
ENV SWIFT_BACKTRACE=enable=no
EXPOSE 9465/tcp 9466/tcp 8125/udp
WORKDIR /
ENTRYPOINT ["/tallygate"]
CMD ["run", "--state.dir=/var/lib/tallygate"]
