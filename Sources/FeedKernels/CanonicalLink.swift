// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// One spelling for the addresses that lead to one page.
///
/// Spec: `docs/spec/feed-dataset.md`, section 3.
package struct CanonicalLink: Equatable, Sendable {
    /// The address.
    package let text: String
    /// Its host, without `www.`.
    package let domain: String

    /// Parameters that tell where a reader came from, and nothing about the page.
    private static let trackers: Set<String> = [
        "dclid", "fbclid", "feed_id", "gclid", "igshid", "mc_cid", "mc_eid", "ref", "ref_src",
        "ref_url", "rss",
    ]
    private static let trackerStart = "utm_"

    /// - Returns: `nil` for what is no address of the web, or was cut off.
    package init?(_ address: String) {
        guard !address.hasSuffix("\u{2026}"), !address.hasSuffix("..."),
            let schemeEnd = address.firstRange(of: "://"),
            ["http", "https"].contains(address[..<schemeEnd.lowerBound].lowercased())
        else { return nil }
        var rest = address[schemeEnd.upperBound...]
        rest = rest.prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        rest = rest.dropFirst(authority.count)
        var host = authority.lowercased()[...]
        if let user = host.lastIndex(of: "@") { host = host[host.index(after: user)...] }
        for port in [":80", ":443"] where host.hasSuffix(port) { host = host.dropLast(port.count) }
        for prefix in ["www.", "m.", "mobile."] where host.hasPrefix(prefix) {
            // A bare top-level domain is no host.
            if host.dropFirst(prefix.count).contains(".") { host = host.dropFirst(prefix.count) }
        }
        guard !host.isEmpty, host.allSatisfy({ $0 != " " }) else { return nil }
        var path = rest.prefix { $0 != "?" }
        var parameters = rest.dropFirst(path.count + 1).split(separator: "&").filter {
            Self.isMeaningful($0)
        }
        if host == "youtu.be", path.count > 1 {
            host = "youtube.com"
            parameters.insert("v=" + path.dropFirst(), at: 0)
            path = "/watch"
        }
        while path.hasSuffix("/") { path = path.dropLast() }
        let query = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
        text = "https://" + host + path + query
        domain = String(host)
    }

    private static func isMeaningful(_ parameter: Substring) -> Bool {
        let name = parameter.prefix { $0 != "=" }.lowercased()
        return !trackers.contains(name) && !name.hasPrefix(trackerStart)
    }
}
