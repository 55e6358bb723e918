// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
internal import Logging
internal import Synchronization

/// What a server writes down: events, one JSON object a line, dated to the day.
///
/// Never an address, a name, a path or a time of day: whoever takes the log learns what happened to
/// the server, and nothing about who asked it for what. Requests are counted, not listed.
package struct ServerLog: Sendable {
    private static let secondsPerDay: Int64 = 86_400

    private let clock: @Sendable () -> Int64
    private let date: @Sendable (Int64) -> String
    private let write: @Sendable (String) -> Void

    /// A log.
    ///
    /// - Parameters:
    ///   - clock: Seconds since 1970.
    ///   - date: The day of a time, as `2026-11-22`.
    ///   - write: Writes one line.
    package init(
        clock: @escaping @Sendable () -> Int64,
        date: @escaping @Sendable (Int64) -> String,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.clock = clock
        self.date = date
        self.write = write
    }

    /// Writes an event.
    package func event(_ name: String, _ fields: [String: JSONValue] = [:]) {
        var members = fields
        members["date"] = .string(date(clock()))
        members["event"] = .string(name)
        write(JSONValue.object(members).canonicalText)
    }

    /// Seconds since 1970.
    var now: Int64 { clock() }

    /// Seconds to the next day in UTC.
    var secondsToNextDay: Int64 { Self.secondsPerDay - clock() % Self.secondsPerDay }

    /// The libraries' own messages, of which faults only are kept, without their details: those
    /// hold addresses.
    var logger: Logger {
        var logger = Logger(label: "server", factory: { _ in FaultHandler(log: self) })
        logger.logLevel = .error
        return logger
    }
}

/// Counts the requests of a day by what they were for.
final class RequestCounts: Sendable {
    private let counts = Mutex<[String: Int64]>([:])

    func add(_ status: Int) {
        counts.withLock { $0["status\(status)", default: 0] += 1 }
    }

    /// The counts since the last call.
    func take() -> [String: JSONValue] {
        counts.withLock { counts in
            defer { counts = [:] }
            return counts.mapValues { .integer($0) }
        }
    }
}

private struct FaultHandler: LogHandler {
    let log: ServerLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.error

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        log.event("fault", ["source": .string(event.source)])
    }
}
