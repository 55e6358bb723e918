// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A web page whose owner links elsewhere with `rel="me"`.
///
/// Its stable id is its address: who loses the domain loses the account.
///
/// Spec: `docs/spec/fetchers.md`, section 3.1.
package enum WebFetcher: AccountFetcher {
    package static let platform = "web"

    package static func resolve(
        _ name: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> String {
        try WebAddress(name).text
    }

    package static func view(
        _ id: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> AccountView {
        let address = try WebAddress(id)
        guard address.text == id else { throw .wrongAddress }
        let page = try network.page(address, accept: "text/html")
        return AccountView(
            account: try AccountFetchers.account(platform, id),
            handle: nil,
            profile: HTMLLinks.me(in: page),
            posts: []
        )
    }
}
