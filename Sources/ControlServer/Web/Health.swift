import NIOConcurrencyHelpers

/// Whether the sidecar lives and takes work: `/-/healthy` and `/-/ready`.
package final class Health: Sendable {
  private let isReady = NIOLockedValueBox(false)

  package init() {}

  /// Ready from when everything listens until shutdown begins.
  package func set(ready: Bool) { isReady.withLockedValue { $0 = ready } }

  package var routes: [Route] {
    [
      Route(.get, "/-/healthy", role: .none) { _, _ in .text("Tallygate is healthy.\n") },
      Route(.get, "/-/ready", role: .none) { [isReady] _, _ in
        isReady.withLockedValue { $0 }
          ? .text("Tallygate is ready.\n")
          : .text("Tallygate is not ready: it is starting or shutting down.\n", status: .serviceUnavailable)
      },
    ]
  }
}
