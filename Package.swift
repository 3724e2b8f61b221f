// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// What thousands of simulated stores spend their time in is optimised in debug builds, too.
let optimised = (
    swift: [SwiftSetting.unsafeFlags(["-O"], .when(configuration: .debug))],
    c: [CSetting.unsafeFlags(["-O2"], .when(configuration: .debug))]
)

/// A room of the house (docs/architecture.md) and the tests that live beside it in `Tests/NAME`.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], tests: [Target.Dependency] = []) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + tests, path: "Tests/\(name)",
            swiftSettings: strict),
    ]
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "footbridge",
    products: [
        .executable(name: "footbridge", targets: ["footbridge"]),
        .executable(name: "footbridge-platform", targets: ["footbridge-platform"]),
        .executable(name: "footbridge-virtual-controller", targets: ["footbridge-virtual-controller"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CBlueZ", pkgConfig: "bluez", providers: [.apt(["libbluetooth-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "CLinux", dependencies: ["CCurl"]),
    ]
        + room("Threads", ["CLinux"])
        + room("Advertising")
        + room("Subjects", ["Advertising", crypto, cryptoExtras])
        + room("Radio", ["Advertising", "Subjects", "CBlueZ", "CLinux", "Threads"], tests: ["Simulation"])
        + room("Visits", ["Subjects"])
        + room("Receipts", ["Subjects"], tests: ["Simulation"])
        + room("POSFeed", ["Subjects", "Receipts", "CLinux", "Threads"], tests: ["NetworkPeer"])
        + room("Matching", ["Subjects", "Visits", "Receipts"])
        + room("PlatformAPI")
        + room("Simulation", ["Advertising", "Subjects", "Radio", "Receipts", "PlatformAPI", crypto, cryptoExtras])
        + room("Outbox", ["PlatformAPI", "Threads", "CZlib", grdb, sqlite])
        + room(
            "Uplink",
            [
                "Subjects", "PlatformAPI", "Outbox", "CCurl", "CDeflate", "CZstd", "CLinux", "Threads", logging, crypto,
                cryptoExtras, .product(name: "SwiftASN1", package: "swift-asn1"),
            ], tests: ["PlatformModel"])
        + room(
            "Gateway",
            [
                "Advertising", "Subjects", "Radio", "Visits", "Receipts", "POSFeed", "Matching", "PlatformAPI",
                "Outbox",
                "Uplink", "CLinux", "Threads", logging, lifecycle, signals, crypto,
                .product(name: "Yams", package: "Yams"),
            ], tests: ["Simulation"])
        + [
            // The other end of a TCP connection, for the tests of every room that has one.
            .target(name: "NetworkPeer", path: "Tests/NetworkPeer", swiftSettings: strict),
            // The contract's judge of what was delivered, for the tests of the line and for the simulation.
            .target(
                name: "PlatformModel", dependencies: ["PlatformAPI", "Outbox", "Uplink"], path: "Tests/PlatformModel",
                swiftSettings: strict + optimised.swift),
            // Counts heap allocations. Linked into the probe only: the tests start the probe and must not depend on it, because a
            // dependency would link its malloc into them.
            .target(
                name: "CAllocations", path: "Tests/RadioProbe/CAllocations"),
            .executableTarget(
                name: "radio-probe",
                dependencies: ["Advertising", "Subjects", "Radio", "Simulation", "Threads", "CLinux", "CAllocations"],
                path: "Tests/RadioProbe/Program", swiftSettings: strict),
            .testTarget(
                name: "RadioProbeTests", path: "Tests/RadioProbe/Tests",
                swiftSettings: strict),
            // Not shipped: the queue as a process that tests trace, fail and kill, and that `make bench` measures.
            .executableTarget(
                name: "outbox-probe", dependencies: ["PlatformAPI", "Outbox", "Threads", grdb],
                path: "Tests/OutboxProbe/Program", swiftSettings: strict),
            .testTarget(
                name: "OutboxProbeTests", dependencies: ["Outbox", "PlatformAPI", grdb],
                path: "Tests/OutboxProbe/Tests", swiftSettings: strict),
            // Not shipped: the queue's figures for `make bench`, beside the same rows by SQLite's C interface alone.
            .target(
                name: "CBareQueue", path: "Tests/QueueBench/CBareQueue", linkerSettings: [.linkedLibrary("sqlite3")]),
            .executableTarget(
                name: "queue-bench", dependencies: ["CBareQueue", "PlatformAPI", "Outbox", "Uplink"],
                path: "Tests/QueueBench/Program", swiftSettings: strict),
            // The queue and the line on a simulated disk, under a seeded scheduler (docs/decisions/0010).
            .target(
                name: "CFaultyDisk", path: "Tests/Delivery/CFaultyDisk", cSettings: optimised.c,
                linkerSettings: [.linkedLibrary("sqlite3")]),
            .testTarget(
                name: "DeliveryTests",
                dependencies: [
                    "CFaultyDisk", "PlatformModel", "PlatformAPI", "Outbox", "Uplink", "Gateway", "Subjects",
                    "Receipts", "Threads", grdb,
                ],
                path: "Tests/Delivery/Tests", swiftSettings: strict + optimised.swift),
            .executableTarget(
                name: "footbridge",
                dependencies: [
                    "Advertising", "Subjects", "Radio", "Visits", "Receipts", "POSFeed", "Matching", "PlatformAPI",
                    "Simulation", "Outbox", "Uplink", "Gateway", "CLinux", "Threads", logging, arguments,
                ],
                swiftSettings: strict),
            .executableTarget(
                name: "footbridge-platform",
                dependencies: [
                    "PlatformAPI", "CZlib", "CZstd", "CPostgres", "Threads", grdb, logging, lifecycle, signals,
                    arguments, crypto,
                    .product(name: "Hummingbird", package: "hummingbird"),
                    .product(name: "HummingbirdTLS", package: "hummingbird"),
                    .product(name: "NIOCore", package: "swift-nio"),
                    .product(name: "NIOSSL", package: "swift-nio-ssl"),
                    .product(name: "X509", package: "swift-certificates"),
                    .product(name: "SwiftASN1", package: "swift-asn1"),
                ],
                swiftSettings: strict),
            // Not shipped: the Bluetooth adapter of the appliance tests (Tests/Appliance).
            .executableTarget(
                name: "footbridge-virtual-controller",
                dependencies: ["Advertising", "Simulation", "CLinux", "Threads", arguments],
                path: "Tests/Appliance/VirtualController", swiftSettings: strict),
            .testTarget(
                name: "ReferencePlatformTests",
                dependencies: [
                    "footbridge-platform", "PlatformAPI", "CZlib", "CZstd", grdb, crypto,
                    .product(name: "Hummingbird", package: "hummingbird"),
                    .product(name: "HummingbirdTesting", package: "hummingbird"),
                ],
                path: "Tests/ReferencePlatform", swiftSettings: strict),
            .testTarget(
                name: "EndToEndTests",
                dependencies: [
                    "footbridge", "footbridge-platform", "Simulation", "PlatformAPI", "Outbox", "Subjects", "Gateway",
                    "Advertising", "Radio", "Threads", "NetworkPeer",
                ],
                path: "Tests/EndToEnd", swiftSettings: strict),
        ]
)

// `make fuzz`: one libFuzzer program a decoder. They cannot be linked without -sanitize=fuzzer, so they are there only when asked for.
if Context.environment["FOOTBRIDGE_FUZZ"] != nil {
    let decoders: [(name: String, rooms: [Target.Dependency])] = [
        ("Advertising", ["Advertising", "Radio", "Subjects"]), ("Kernel", ["Radio"]),
        ("Receipts", ["Receipts", "Subjects"]),
        ("Trace", ["Gateway"]),
        ("Feed", ["Subjects"]), ("Configuration", ["Gateway"]),
    ]
    package.targets.append(.target(name: "CFuzzer", path: "Fuzz/CFuzzer"))
    for decoder in decoders {
        package.targets.append(
            .executableTarget(
                name: "Fuzz\(decoder.name)", dependencies: ["CFuzzer"] + decoder.rooms, path: "Fuzz/\(decoder.name)",
                swiftSettings: strict))
    }
}
