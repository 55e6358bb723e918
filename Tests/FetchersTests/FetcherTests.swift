// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Fetchers
import SnapshotFormat
import Testing

/// The fetchers against servers on this machine that speak the platforms' formats.
@Suite(.serialized) struct FetcherTests {
    private let code = FetcherWorld.code
    private static let did = "did:plc:" + String(repeating: "a", count: 24)
    private static let movedDID = "did:plc:" + String(repeating: "b", count: 24)
    private static let bareDID = "did:plc:" + String(repeating: "c", count: 24)
    private static let lyingDID = "did:plc:" + String(repeating: "d", count: 24)

    /// Why a fetcher refuses; `nil` when it does not.
    private func failure(
        _ fetcher: any AccountFetcher.Type,
        _ id: String,
        _ network: FetchNetwork
    ) -> LookFailure? {
        do throws(LookFailure) {
            _ = try fetcher.view(id, network)
            return nil
        } catch {
            return error
        }
    }

    @Test func pagesSayItInLinksOfTheirOwnerOnly() throws {
        let world = try FetcherWorld()
        let network = try world.network()
        let own = try WebFetcher.view("https://ana.example/", network)
        #expect(own.place(of: code) == .profile && own.profile.count == 1)
        #expect(own.account.stableID == "https://ana.example/" && own.handle == nil)
        let old = try WebFetcher.view("https://ana.example/old", network)
        #expect(old.place(of: code) == .profile)
        let visitors = try WebFetcher.view("https://visitors.example/", network)
        #expect(visitors.place(of: code) == nil && visitors.profile.isEmpty)
        let expected: [(String, LookFailure)] = [
            ("https://elsewhere.example/", .refused), ("https://plain.example/", .wrongAddress),
            ("https://circle.example/", .refused), ("https://big.example/", .tooLong),
            ("https://gone.example/", .notFound), ("https://broken.example/", .refused),
            ("https://unreachable.example/", .unreachable),
            ("https://silent.example/", .timedOut), ("http://ana.example/", .wrongAddress),
            ("https://ana.example", .wrongAddress), ("https://ANA.example/", .wrongAddress),
        ]
        let impatient = try world.network(timeoutMilliseconds: 1000)
        for (address, reason) in expected {
            let network = reason == .timedOut ? impatient : network
            #expect(failure(WebFetcher.self, address, network) == reason, "\(address)")
        }
        let strict = try world.network(trusting: false)
        #expect(failure(WebFetcher.self, "https://ana.example/", strict) == .notTrusted)
    }

    @Test func domainsSayItInTextRecords() throws {
        let world = try FetcherWorld()
        let network = try world.network()
        let own = try DomainFetcher.view("ana.example", network)
        #expect(own.profile.sorted() == [code, "v=spf1 -all"] && own.place(of: code) == .profile)
        #expect(try DomainFetcher.view("alias.example", network).profile == [code])
        #expect(try DomainFetcher.view("nothing.example", network).profile.isEmpty)
        #expect(try DomainFetcher.resolve("Ana.Example", network) == "ana.example")
        #expect(failure(DomainFetcher.self, "Ana.example", network) == .wrongAddress)
        let without = try world.network(resolver: false)
        #expect(failure(DomainFetcher.self, "ana.example", without) == .noService)
    }

    @Test func atProtoAccountsAreTheirDID() throws {
        let world = try FetcherWorld()
        let network = try world.network()
        #expect(try ATProtoFetcher.resolve("Ana.example", network) == Self.did)
        let own = try ATProtoFetcher.view(Self.did, network)
        #expect(own.handle == "ana.example" && own.place(of: code) == .profile)
        #expect(own.posts.map(\.id).first == "at://\(Self.did)/app.bsky.feed.post/3k2")
        let posted = try ATProtoFetcher.view(Self.movedDID, network)
        #expect(posted.handle == "wellknown.example" && posted.place(of: code) == .post)
        // It claims a handle that leads to somebody else, and has no profile.
        let bare = try ATProtoFetcher.view(Self.bareDID, network)
        #expect(bare.handle == nil && bare.profile.isEmpty && bare.place(of: code) == nil)
        let withoutDNS = try world.network(resolver: false)
        #expect(try ATProtoFetcher.resolve("wellknown.example", withoutDNS) == Self.movedDID)
        let unknown = "did:plc:" + String(repeating: "z", count: 24)
        for (id, reason) in [
            (Self.lyingDID, LookFailure.otherAccount), (unknown, .notFound),
            ("did:plc:short", .wrongAddress), ("did:key:abc", .wrongAddress),
            ("ana.example", .wrongAddress), ("did:web:localhost", .wrongAddress),
            ("did:web:10.0.0.1", .wrongAddress),
        ] {
            #expect(failure(ATProtoFetcher.self, id, network) == reason, "\(id)")
        }
        let without = try world.network(directory: false)
        #expect(failure(ATProtoFetcher.self, Self.did, without) == .noService)
    }

    @Test func activityPubAccountsAreTheirActor() throws {
        let world = try FetcherWorld()
        let network = try world.network()
        let actor = "https://social.example/users/"
        #expect(try ActivityPubFetcher.resolve("@ana@social.example", network) == actor + "ana")
        let own = try ActivityPubFetcher.view(actor + "ana", network)
        #expect(own.handle == "ana@social.example" && own.place(of: code) == .profile)
        // Neither what was passed on nor what somebody else wrote is hers.
        #expect(own.posts.map(\.id) == [actor + "ana/1"])
        let posted = try ActivityPubFetcher.view(actor + "eva", network)
        #expect(posted.place(of: code) == .post)
        #expect(failure(ActivityPubFetcher.self, actor + "moved", network) == .otherAccount)
        #expect(failure(ActivityPubFetcher.self, actor + "renamed", network) == .refused)
        #expect(throws: LookFailure.notFound) {
            try ActivityPubFetcher.resolve("nobody@social.example", network)
        }
        for name in ["ana", "@", "a b@social.example", "ana@localhost", "ana@10.0.0.1", "@@x.y"] {
            #expect(throws: LookFailure.wrongAddress) {
                try ActivityPubFetcher.resolve(name, network)
            }
        }
    }

    @Test func nostrAccountsAreTheirKey() throws {
        let world = try FetcherWorld()
        let network = try world.network()
        let key = try NostrFetcher.resolve("ana@nip.example", network)
        let own = try NostrFetcher.view(key, network)
        #expect(own.handle == "ana@nip.example" && own.place(of: code) == .profile)
        #expect(own.posts.map { $0.text.prefix(3) } == ["dos", "uno"])
        #expect(own.posts.first?.text.count == 40_004)
        // One relay of two is enough; a relay that answers with others' events is none.
        let both = try world.network(relays: ["unreachable", "relay"])
        #expect(try NostrFetcher.view(key, both) == own)
        let cases: [([String], LookFailure)] = [
            (["other"], .otherAccount), (["unreachable"], .unreachable), (["ana"], .unreachable),
            (["endless"], .tooLong), (["silent"], .timedOut), ([], .noService),
        ]
        for (relays, reason) in cases {
            // Who is silent is waited for; a slow machine is not silent.
            let limit = reason == .timedOut ? 1000 : 60_000
            let network = try world.network(relays: relays, timeoutMilliseconds: limit)
            #expect(failure(NostrFetcher.self, key, network) == reason, "\(relays)")
        }
        // The key of 777, whose event was changed after it was signed.
        let forger = "e1fe434d345bf33083abb6280f4f44ac5fb22934977813c20c015f2b43d3fab8"
        #expect(failure(NostrFetcher.self, forger, network) == .forged)
        #expect(failure(NostrFetcher.self, key.uppercased(), network) == .wrongAddress)
        #expect(throws: LookFailure.notFound) {
            try NostrFetcher.resolve("nobody@nip.example", network)
        }
        // NIP-19's own example.
        let npub = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
        let hex = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
        #expect(try NostrFetcher.resolve(npub, network) == hex)
    }

    @Test func addressesLeadToPublicNamesOnly() {
        for text in [
            "http://a.example/", "https://localhost/", "https://a/", "https://127.0.0.1/",
            "https://[::1]/", "https://0x7f.1/", "https://10.1/", "https://user@a.example/",
            "https://a.example:0/", "https://a.example:99999/", "https://a.example:08/",
            "https://a..example/", "https://-a.example/", "https://a.example/ b",
            "https://a.local/", "https://db.internal/", "https://a.onion/", "ftp://a.example/",
            "https://a.example\\@b.example/", "https:///x", "https://a.example:1:2/",
            "https://1.2.3.0x4/", "https://ñ.example/", "https://2130706433/",
            "https://a.example/" + String(repeating: "x", count: WebAddress.countMax),
        ] {
            #expect(throws: LookFailure.wrongAddress) { try WebAddress(text) }
        }
        for (text, same) in [
            ("https://A.Example", "https://a.example/"),
            ("https://a.example:443/x?y#z", "https://a.example/x?y"),
            ("https://a.example:8443?q", "https://a.example:8443/?q"),
            ("https://xn--d1acpjx3f.example/", "https://xn--d1acpjx3f.example/"),
        ] {
            #expect((try? WebAddress(text))?.text == same)
        }
    }

    @Test func thereIsOneFetcherForEachPlatform() {
        let names = AccountFetchers.all.map { $0.platform }
        #expect(Set(names).count == names.count)
        for name in names { #expect(AccountFetchers.fetcher(of: name)?.platform == name) }
        #expect(AccountFetchers.fetcher(of: "example") == nil)
    }
}
