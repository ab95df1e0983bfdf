internal import Logging
internal import NIOCore

#if TLS
  internal import NIOSSL
#endif

/// The certificate of a listener, read again when its files change, so that it can be renewed without a restart. New ones
/// that cannot be used are told, and those before go on. Lives on the listener's event loop.
final class TLSCertificates {
  private static let lookInterval: Duration = .seconds(1)

  private let security: ListenerSecurity
  private var settings: TLSSettings
  private let logger: Logger
  private var versions: [FileVersion?]
  private var lastLook = ContinuousClock.now

  #if TLS
    private var context: NIOSSLContext

    /// `nil` where clear text is spoken.
    init?(_ security: ListenerSecurity, logger: Logger) throws(HTTPServerError) {
      guard let settings = security.current.tls else { return nil }
      self.security = security
      self.settings = settings
      self.logger = logger
      versions = Self.versions(settings)
      do {
        context = try Self.context(settings)
      } catch {
        throw .unusableCertificate("\(error)")
      }
    }

    /// What stands at the front of a connection's pipeline.
    func makeHandler() -> any ChannelHandler {
      lookAgain()
      return NIOSSLServerHandler(context: context)
    }

    private func lookAgain() {
      guard .now - lastLook >= Self.lookInterval else { return }
      lastLook = .now
      let settings = security.current.tls ?? settings
      let now = Self.versions(settings)
      guard now != versions || settings != self.settings else { return }
      (versions, self.settings) = (now, settings)
      do {
        context = try Self.context(settings)
        logger.notice("The certificate was read again", metadata: ["file": "\(settings.certificateFile)"])
      } catch {
        logger.error(
          "A new certificate cannot be used: the one before goes on",
          metadata: ["file": "\(settings.certificateFile)", "error": "\(error)"])
      }
    }

    private static func context(_ settings: TLSSettings) throws -> NIOSSLContext {
      let chain = try NIOSSLCertificate.fromPEMFile(settings.certificateFile)
      let key = try NIOSSLPrivateKey(file: settings.keyFile, format: .pem)
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
      configuration.minimumTLSVersion = settings.allowsTLS12 ? .tlsv12 : .tlsv13
      configuration.maximumTLSVersion = settings.allowsTLS13 ? nil : .tlsv12
      configuration.applicationProtocols = ["http/1.1"]
      // A peer that does not say goodbye holds up no shutdown.
      configuration.shutdownTimeout = .milliseconds(100)
      if let authorities = settings.clientAuthorities { configuration.trustRoots = .file(authorities) }
      configuration.certificateVerification =
        switch settings.clientCertificates {
        case .ignored: .none
        case .verified: .optionalVerification
        case .required: .noHostnameVerification
        }
      return try NIOSSLContext(configuration: configuration)
    }
  #else
    init?(_ security: ListenerSecurity, logger: Logger) throws(HTTPServerError) {
      guard security.current.tls != nil else { return nil }
      throw .unusableCertificate("this binary was built without TLS")
    }

    func makeHandler() -> any ChannelHandler { preconditionFailure("BUG: there are no certificates without TLS") }
  #endif

  private static func versions(_ settings: TLSSettings) -> [FileVersion?] {
    [settings.certificateFile, settings.keyFile, settings.clientAuthorities].compactMap { $0 }
      .map { FileVersion(path: $0) }
  }
}
