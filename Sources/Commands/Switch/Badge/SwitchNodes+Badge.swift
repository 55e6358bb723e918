// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Outside
import Statements
import Switch

extension SwitchNodes {
    /// Has every node show a badge to everybody.
    ///
    /// - Returns: Where it is shown, and what went wrong with the last of the others.
    /// - Throws: A failure if no node shows it.
    func show(_ badge: BadgeFile) throws -> (urls: [String], failure: Failure?) {
        var urls: [String] = []
        var failure: Failure?
        for node in nodes {
            let client = NodeClient(url: node.url, client: try route.isolated().client())
            do {
                try client.show(badge.envelope, capability)
                urls.append("\(node.url)/badges/\(badge.checked.id)")
            } catch let refused as Failure
                where [.cannotReachServer, .notAllowed].contains(refused.kind)
            {
                failure = refused
                note(refused)
            }
        }
        guard !urls.isEmpty else { throw failure ?? unheard() }
        return (urls, failure)
    }
}

extension NodeClient {
    private static let answerCountMax = 256

    /// Hands in a badge.
    fileprivate func show(_ badge: Envelope, _ capability: SwitchCapability) throws {
        let response = try send(
            .init(
                url: url + "/switches/\(Hex.encode(capability.bytes))/badges",
                body: badge.bytes + [0x0a],
                countMax: Self.answerCountMax,
                timeoutMilliseconds: Self.timeoutMilliseconds
            )
        )
        guard response.status == 200 else { throw refused(response) }
    }
}
