// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Where a server listens.
package enum ListenAddress: Equatable, Sendable, CustomStringConvertible {
    /// A host, by name or number, and a port; port 0 takes any that is free.
    case host(String, port: Int)
    /// A Unix socket.
    case socket(path: String)

    /// Longest path of a Unix socket on Linux.
    private static let socketPathCountMax = 107

    /// Reads `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`.
    package init?(parsing text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            guard (1...Self.socketPathCountMax).contains(path.utf8.count) else { return nil }
            self = .socket(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains("["), !host.contains("]") else { return nil }
        self = .host(String(host), port: Int(port))
    }

    /// Whether only this machine reaches it, so that plain HTTP is safe.
    package var isLocal: Bool {
        switch self {
        case .socket: true
        case .host(let host, _): host == "localhost" || host == "::1" || Self.isLoopback(host)
        }
    }

    /// The text that init(parsing:) reads.
    package var description: String {
        switch self {
        case .socket(let path): "unix:\(path)"
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
