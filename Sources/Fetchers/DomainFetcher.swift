// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A domain, whose owner writes TXT records.
///
/// Spec: `docs/spec/fetchers.md`, section 3.2.
package enum DomainFetcher: AccountFetcher {
    package static let platform = "dns"
    /// Where the code stands, below the domain.
    private static let label = "_resguardo"

    package static func resolve(
        _ name: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> String {
        let address = try WebAddress(host: name.lowercased(), path: "/")
        guard !address.host.contains(":") else { throw .wrongAddress }
        return address.host
    }

    package static func view(
        _ id: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> AccountView {
        guard try resolve(id, network) == id else { throw .wrongAddress }
        return AccountView(
            account: try AccountFetchers.account(platform, id),
            handle: nil,
            profile: try texts(at: "\(label).\(id)", network),
            posts: []
        )
    }

    /// TXT records of a name; none where there is no such name.
    ///
    /// - Throws: `.noService` without a resolver, and as `FetchNetwork/ask`.
    static func texts(
        at name: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> [String] {
        guard let resolver = network.resolver else { throw .noService }
        let query = try DNSMessage.query(forTextsOf: name)
        let answer = try network.ask(
            .init(address: resolver, mediaType: "application/dns-message", body: query)
        )
        guard answer.status == 200 else { throw .refused }
        return try DNSMessage.texts(of: name, in: answer.body)
    }
}
