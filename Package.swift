// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: the language mode and the checks that keep the house tidy.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "tallygate",
  products: [
    .executable(name: "tallygate", targets: ["tallygate"])
  ],
  traits: [
    .trait(name: "TLS", description: "Serve over TLS when a web configuration file says so (adds BoringSSL)."),
    .default(enabledTraits: ["TLS"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
  ],
  targets: [
    // C: three system libraries and one thin shim.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
    .target(name: "CLinux"),

    // Pure: no I/O, no lock, no clock of their own.
    .target(name: "CHints"),
    .target(name: "BudgetCore", dependencies: ["CHints"], swiftSettings: strict),
    .target(name: "JSONText", swiftSettings: strict),
    .target(name: "Hashing", swiftSettings: strict),
    .target(name: "UsageProtocol", dependencies: ["BudgetCore", "CHints", "JSONText"], swiftSettings: strict),
    .target(name: "Exposition", dependencies: ["BudgetCore"], swiftSettings: strict),
    .target(name: "Compression", dependencies: ["CZlib"], swiftSettings: strict),
    .target(name: "Rules", dependencies: ["BudgetCore"], swiftSettings: strict),

    // The world outside: lock, disk, sockets, HTTP, files.
    .target(
      name: "LedgerAccess",
      dependencies: [
        "BudgetCore", "JSONText", "UsageProtocol", .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "Threads",
      dependencies: ["CLinux", .product(name: "NIOConcurrencyHelpers", package: "swift-nio")], swiftSettings: strict),
    .target(
      name: "Snapshots",
      dependencies: [
        "BudgetCore", "Compression", "CLinux", "Threads",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "Audit",
      dependencies: [
        "BudgetCore", "Hashing", "JSONText", "Threads",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "Ingestion",
      dependencies: [
        "BudgetCore", "UsageProtocol", "LedgerAccess", "CLinux", "Threads",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      ],
      swiftSettings: strict),
    // Commands and the processes that come of them: started, watched, stopped.
    .target(name: "Supervision", dependencies: ["BudgetCore", "CLinux"], swiftSettings: strict),
    // What people see of a running sidecar: asking it, tables, keys, the live view.
    .target(name: "ControlClient", swiftSettings: strict),
    .target(name: "Terminal", dependencies: ["BudgetCore", "CLinux"], swiftSettings: strict),
    .target(name: "Reports", dependencies: ["BudgetCore", "JSONText"], swiftSettings: strict),
    .target(
      name: "Configuration", dependencies: ["BudgetCore", "JSONText", "CYaml"], swiftSettings: strict),
    .target(
      name: "ControlServer",
      dependencies: [
        "Audit", "BudgetCore", "CCrypt", "UsageProtocol", "JSONText", "Exposition", "Compression", "Hashing",
        "LedgerAccess",
        "Snapshots", "Threads",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["TLS"])),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ],
      // The status page is written as a page and served from the binary.
      resources: [
        .embedInCode("Web/Page/page.html"), .embedInCode("Web/Page/page.css"), .embedInCode("Web/Page/page.js"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "tallygate",
      dependencies: [
        "Audit", "Backtest", "BudgetCore", "CLinux", "Configuration", "ControlClient", "ControlServer", "Exposition",
        "Ingestion", "JSONText", "LedgerAccess", "Reports", "Rules", "Snapshots", "Supervision", "Terminal", "Threads",
        "UsageProtocol",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      exclude: ["functions.order"],
      swiftSettings: strict,
      // What a sidecar runs stands together in the file, so that the rest of it need not be in memory: `make order`.
      linkerSettings: [
        .unsafeFlags(
          [
            "-use-ld=lld", "-Xlinker", "--no-warn-symbol-ordering",
            "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/Sources/tallygate/functions.order",
          ], .when(configuration: .release))
      ]),

    // The core once more as lists that are searched, and random histories on both: for tests and `simulate`.
    .target(name: "NaiveLedger", dependencies: ["BudgetCore"], swiftSettings: strict),

    // Recorded use through the core with a clock of its own: how good its forecasts are.
    .target(name: "Backtest", dependencies: ["BudgetCore", "JSONText"], swiftSettings: strict),

    // Random lives of the core, checked after every step: `make simulate`.
    .executableTarget(
      name: "simulate",
      dependencies: [
        "BudgetCore", "Configuration", "NaiveLedger", "Snapshots",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What the core costs by itself: `make bench-core`.
    .target(name: "CHeap", path: "Benchmarks/CHeap"),
    .executableTarget(
      name: "corebench",
      dependencies: [
        "BudgetCore", "CHeap", "Compression", "Exposition", "JSONText", "LedgerAccess", "Snapshots", "UsageProtocol",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/Core", swiftSettings: strict),

    // The way of a line alone, for an instruction counter: `make instructions`.
    .executableTarget(
      name: "hotpath",
      dependencies: [
        "BudgetCore", "LedgerAccess", "UsageProtocol",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      ],
      path: "Benchmarks/HotPath", swiftSettings: strict),

    // Tests mirror Sources.
    .testTarget(name: "BudgetCoreTests", dependencies: ["BudgetCore", "NaiveLedger"], swiftSettings: strict),
    .testTarget(name: "BacktestTests", dependencies: ["Backtest", "BudgetCore"], swiftSettings: strict),
    .testTarget(name: "JSONTextTests", dependencies: ["JSONText"], swiftSettings: strict),
    .testTarget(
      name: "AuditTests",
      dependencies: ["Audit", "BudgetCore", "JSONText", .product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),
    .testTarget(name: "HashingTests", dependencies: ["Hashing"], swiftSettings: strict),
    .testTarget(
      name: "UsageProtocolTests", dependencies: ["UsageProtocol", "BudgetCore", "JSONText"], swiftSettings: strict),
    .testTarget(name: "ExpositionTests", dependencies: ["Exposition", "BudgetCore"], swiftSettings: strict),
    .testTarget(name: "CompressionTests", dependencies: ["Compression"], swiftSettings: strict),
    .testTarget(name: "RulesTests", dependencies: ["Rules", "BudgetCore"], swiftSettings: strict),
    .testTarget(name: "LedgerAccessTests", dependencies: ["LedgerAccess", "BudgetCore"], swiftSettings: strict),
    .testTarget(
      name: "SnapshotsTests",
      dependencies: [
        "Snapshots", "BudgetCore", "CLinux", "Compression", "UsageProtocol",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "IngestionTests", dependencies: ["Ingestion", "UsageProtocol", "BudgetCore", "LedgerAccess", "Threads"],
      swiftSettings: strict),
    .testTarget(
      name: "SupervisionTests", dependencies: ["Supervision", "BudgetCore", "CLinux"], swiftSettings: strict),
    .testTarget(name: "ControlClientTests", dependencies: ["ControlClient"], swiftSettings: strict),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "BudgetCore"], swiftSettings: strict),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal", "BudgetCore"], swiftSettings: strict),
    .testTarget(
      name: "ConfigurationTests", dependencies: ["Configuration", "BudgetCore", "JSONText"], swiftSettings: strict),
    .testTarget(
      name: "ControlServerTests",
      dependencies: [
        "Audit", "ControlServer", "BudgetCore", "JSONText", "LedgerAccess", "Compression", "UsageProtocol",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
  ]
)

// Fuzzers link libFuzzer's `main` and so need a flag of their own: they are there when TALLYGATE_FUZZ is set.
if Context.environment["TALLYGATE_FUZZ"] != nil {
  for (name, folder) in [("fuzz-lines", "Lines"), ("fuzz-objects", "Objects")] {
    package.targets.append(
      .executableTarget(
        name: name, dependencies: ["UsageProtocol", "BudgetCore", "JSONText"], path: "Fuzz/\(folder)",
        swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
  }
  package.targets.append(
    .target(name: "FuzzLedger", dependencies: ["BudgetCore"], path: "Fuzz/Ledger", swiftSettings: strict))
  for (name, folder) in [("fuzz-snapshots", "Snapshots"), ("fuzz-journals", "Journals")] {
    package.targets.append(
      .executableTarget(
        name: name, dependencies: ["FuzzLedger", "Snapshots", "LedgerAccess", "BudgetCore", "CLinux"],
        path: "Fuzz/\(folder)", swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
  }
}
