// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Fetchers

extension FuzzEntry {
    /// What platforms answer: any bytes.
    static let fetchers: [FuzzEntry] = [
        entry("fetch-address", { try address($0) }) { value, _ in
            try WebAddress(value.text) == value
        },
        entry("fetch-page", { try view(WebFetcher.self, "https://a.example/", $0) }) {
            try view(WebFetcher.self, "https://a.example/", $1) == $0
        },
        entry("fetch-dns", { try view(DomainFetcher.self, "a.example", $0) }) {
            try view(DomainFetcher.self, "a.example", $1) == $0
        },
        entry("fetch-actor", { try view(ActivityPubFetcher.self, "https://a.example/u", $0) }) {
            try view(ActivityPubFetcher.self, "https://a.example/u", $1) == $0
        },
        entry("fetch-relay", { try view(NostrFetcher.self, key, $0) }) {
            try view(NostrFetcher.self, key, $1) == $0
        },
    ]

    private static let key = String(repeating: "0", count: 63) + "1"

    private static func address(_ bytes: [UInt8]) throws(LookFailure) -> WebAddress {
        try WebAddress(String(decoding: bytes, as: UTF8.self))
    }

    /// What a fetcher makes of an answer to every question.
    private static func view(
        _ fetcher: any AccountFetcher.Type,
        _ id: String,
        _ bytes: [UInt8]
    ) throws(LookFailure) -> AccountView {
        let host = try WebAddress("https://b.example/")
        let network = FetchNetwork(
            ask: { _ throws(LookFailure) in FetchNetwork.Answer(status: 200, body: bytes) },
            converse: { (_, _, _) throws(LookFailure) in [String(decoding: bytes, as: UTF8.self)]
            },
            resolver: host,
            relays: [host],
            directory: host
        )
        return try fetcher.view(id, network)
    }
}
