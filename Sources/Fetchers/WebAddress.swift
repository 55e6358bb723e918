// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An https address of a public name.
///
/// Documents tell fetchers where to go next. They must not send them into the network that the
/// fetcher stands in: no numbers for hosts, no names without a dot, no other schemes, no passwords.
///
/// Spec: `docs/spec/fetchers.md`, section 2.
package struct WebAddress: Equatable, Hashable, Sendable {
    /// The longest address, in bytes.
    package static let countMax = 2048
    private static let hostCountMax = 253
    private static let privateNames = ["local", "localhost", "internal", "lan", "home", "onion"]

    /// The host's name in lower case, with the port if it is not 443.
    package let host: String
    /// Path and query, beginning with `/`.
    package let path: String
    private let scheme: String

    /// Reads an address; a fragment is left out.
    ///
    /// - Parameters:
    ///   - text: `https://…`, or `wss://…` where that is asked for.
    ///   - scheme: The only scheme that is accepted.
    /// - Throws: `.wrongAddress`.
    package init(_ text: String, scheme: String = "https") throws(LookFailure) {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x5c }
        guard text.utf8.count <= Self.countMax, isPlain, text.hasPrefix("\(scheme)://") else {
            throw .wrongAddress
        }
        let rest = text.dropFirst(scheme.count + 3).prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        host = try Self.host(authority)
        let tail = rest.dropFirst(authority.count)
        path = tail.hasPrefix("/") ? String(tail) : "/" + tail
        self.scheme = scheme
    }

    /// The address of a path on a host.
    package init(host: some StringProtocol, path: String) throws(LookFailure) {
        try self.init("https://\(host)\(path)")
    }

    /// The same with `https`, as libcurl wants it for a WebSocket.
    package var secure: WebAddress { WebAddress(host: host, path: path, scheme: "https") }

    private init(host: String, path: String, scheme: String) {
        self.host = host
        self.path = path
        self.scheme = scheme
    }

    /// The whole address.
    package var text: String { "\(scheme)://\(host)\(path)" }

    /// Where a redirection leads: to the same host only.
    ///
    /// - Throws: `.refused`, `.wrongAddress`.
    func redirected(to location: String) throws(LookFailure) -> WebAddress {
        let target =
            location.hasPrefix("/") && !location.hasPrefix("//")
            ? try WebAddress(host: host, path: location) : try WebAddress(location)
        guard target.host == host else { throw .refused }
        return target
    }

    private static func host(_ authority: Substring) throws(LookFailure) -> String {
        let parts = authority.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let areLabels = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { Self.isOfName($0) }
        }
        // The last label of a name is never a number; that of an address in numbers is.
        guard parts.count <= 2, name.utf8.count <= hostCountMax, labels.count >= 2, areLabels,
            let last = labels.last, last.utf8.contains(where: { $0 > 0x39 }),
            !last.hasPrefix("0x"), !privateNames.contains(String(last))
        else { throw .wrongAddress }
        guard parts.count == 2, parts[1] != "443" else { return name }
        guard let port = UInt16(parts[1]), port > 0, String(port) == parts[1] else {
            throw .wrongAddress
        }
        return "\(name):\(port)"
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x5f
    }
}
