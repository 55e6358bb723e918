// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import ServiceLifecycle
internal import UnixSignals

/// What runs beside a server, from its start to its end.
package protocol NodeService: Sendable {
    /// Runs until the task is cancelled.
    func run() async throws
}

/// Why a server does not serve.
package enum ServerError: Error, Equatable, Sendable {
    /// The address cannot be listened on: in use, not this machine's, or not permitted.
    case cannotListen
    /// The certificate or its key cannot be read, or do not belong together.
    case certificate
}

/// Serves sites over HTTP until the process is asked to end.
package struct HTTPServer: Sendable {
    /// Where to listen, and how much one client may take.
    package struct Settings: Sendable {
        /// Where to listen.
        package var address: ListenAddress
        /// Files with the certificate chain and its key; plain HTTP without.
        package var certificate: (chain: String, key: String)?
        /// Most connections at a time; more wait until one ends.
        package var connectionCountMax = 512
        /// Most connections that wait; a Unix socket turns away whoever comes besides.
        package var waitingCountMax = 2048
        /// Seconds until a connection without a whole request head, or without a request, ends.
        package var idleSeconds: Int64 = 15
        /// Seconds in which a body has to arrive.
        package var bodySeconds: Int64 = 30

        /// Settings for an address.
        package init(address: ListenAddress) {
            self.address = address
        }
    }

    /// Most bytes in all headers of a request.
    private static let headerCountMax = 16 << 10

    /// An address, and the sites that are asked there in turn.
    package struct Door: Sendable {
        package let settings: Settings
        package let sites: [any Site]

        /// A door with these parts.
        package init(settings: Settings, sites: [any Site]) {
            self.settings = settings
            self.sites = sites
        }
    }

    private let doors: [Door]
    private let services: [any NodeService]
    private let log: ServerLog
    private let onListening: @Sendable (ListenAddress) -> Void

    /// A server.
    ///
    /// - Parameters:
    ///   - doors: Where to listen, and what to show there.
    ///   - services: What runs beside the server, from its start to its end.
    ///   - log: Where events go.
    ///   - onListening: Called with the address once requests are taken.
    package init(
        doors: [Door],
        services: [any NodeService] = [],
        log: ServerLog,
        onListening: @escaping @Sendable (ListenAddress) -> Void
    ) {
        self.doors = doors
        self.services = services
        self.log = log
        self.onListening = onListening
    }

    /// Serves until SIGTERM or SIGINT: then requests that have begun are finished.
    ///
    /// Called by a thread of its own, never from a task.
    ///
    /// - Throws: What keeps the server from listening, or what ended a service.
    package func run() throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        try loop.makeFutureWithTask { try await self.serve() }.wait()
    }

    private func serve() async throws {
        let counts = RequestCounts()
        let applications = try doors.map { try application($0, counts) }
        let beside: [any NodeService] = [DailyCounts(counts: counts, log: log)] + services
        let all: [any Service] = applications + beside.map(Beside.init)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: all.map {
                    .init(
                        service: $0,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: log.logger
            )
        )
        defer { log.event("stopped", counts.take()) }
        do {
            try await group.run()
        } catch is IOError {
            throw ServerError.cannotListen
        }
    }

    private func application(_ door: Door, _ counts: RequestCounts) throws -> any Service {
        let settings = door.settings
        return Application(
            responder: SiteResponder(
                sites: door.sites,
                counts: counts,
                bodySeconds: settings.bodySeconds,
                log: log
            ),
            server: try builder(settings),
            configuration: ApplicationConfiguration(
                address: Self.bindAddress(settings.address),
                backlog: settings.waitingCountMax,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.connectionCountMax
                )
            ),
            onServerRunning: { [onListening, log] channel in
                onListening(Self.address(of: channel, settings.address))
                log.event("listening")
            },
            logger: log.logger
        )
    }

    private func builder(_ settings: Settings) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                idleTimeout: .seconds(settings.idleSeconds),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Self.headerCountMax,
                    maxHeaderListSize: Self.headerCountMax,
                    maxHeaderFieldCount: 64
                )
            )
        )
        guard let (chain, key) = settings.certificate else { return plain }
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(chain).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try .tls(plain, tlsConfiguration: configuration)
        } catch is NIOSSLError {
            throw ServerError.certificate
        }
    }

    private static func bindAddress(_ address: ListenAddress) -> BindAddress {
        switch address {
        case .host(let host, let port): .hostname(host, port: port)
        case .socket(let path): .unixDomainSocket(path: path)
        }
    }

    /// The address with the port that the system chose.
    private static func address(
        of channel: any Channel,
        _ address: ListenAddress
    ) -> ListenAddress {
        guard case .host(let host, _) = address, let port = channel.localAddress?.port else {
            return address
        }
        return .host(host, port: port)
    }
}

/// Writes the counts of a day at its end.
private struct DailyCounts: NodeService {
    let counts: RequestCounts
    let log: ServerLog

    func run() async throws {
        while true {
            try await Task.sleep(for: .seconds(log.secondsToNextDay))
            log.event("requests", counts.take())
        }
    }
}

/// Cancels a service when the server is asked to end.
private struct Beside: Service {
    let service: any NodeService

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await service.run() }
        } catch is CancellationError {
            // That is how it ends.
        }
    }
}
