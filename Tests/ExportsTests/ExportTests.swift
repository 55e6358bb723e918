// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Exports
import Schnorr
import SnapshotFormat
import Testing

@Suite struct ExportTests {
    private static let date: Int64 = 1_795_219_200

    private func news() throws -> [SourceNews] {
        try SourceNews.all(in: ExportFixture.snapshot(at: Self.date))
    }

    private func news(_ id: String) throws -> SourceNews {
        try #require(try news().first { $0.account.stableID == id })
    }

    @Test func aLabelHasTheBytesThatOthersSign() throws {
        // The example of the protocol's reference, digest and length as its author published them.
        let label: JSONValue = [
            "ver": 1, "src": "did:web:registry.example",
            "uri": "did:plc:ewvi7nxzyoun6zhxrhs64oiz", "val": "registry-attested",
            "cts": "2026-11-21T00:00:00.000Z", "exp": "2027-02-19T00:00:00.000Z",
        ]
        let bytes = DAGCBOR.encode(label)
        #expect(bytes.count == 156)
        #expect(
            Hex.encode(SHA256.hash(bytes))
                == "7a2966afc4d693b27926d86ba4035fdf408ebf741c30ba5735be29fccae9750d"
        )
    }

    // RFC 8949, appendix A.
    @Test(
        arguments: [
            (0, "00"), (23, "17"), (24, "1818"), (255, "18ff"), (1000, "1903e8"),
            (1_000_000, "1a000f4240"), (1_000_000_000_000, "1b000000e8d4a51000"), (-1, "20"),
            (-10, "29"), (-100, "3863"), (-1000, "3903e7"),
        ] as [(Int64, String)]
    )
    func numbersTakeTheirShortestForm(_ number: Int64, _ hex: String) {
        #expect(Hex.encode(DAGCBOR.encode(.integer(number))) == hex)
    }

    @Test func keysOfMapsAreSortedByLengthFirst() {
        let map: JSONValue = ["aa": 1, "b": [true, false], "c": "ñ"]
        #expect(Hex.encode(DAGCBOR.encode(map)) == "a3616282f5f4616362c3b162616101")
    }

    @Test func keysFollowFromOneSeedAndDiffer() throws {
        let keys = try ExportFixture.keys()
        let again = try ExportFixture.keys()
        #expect(keys.label.did == again.label.did)
        #expect(keys.credential.did == again.credential.did)
        #expect(keys.nostr.publicKey == again.nostr.publicKey)
        #expect(keys.label.did.hasPrefix("did:key:zDn"))
        #expect(keys.credential.did.hasPrefix("did:key:z6Mk"))
    }

    @Test func onlyWhatIsForEverybodyIsExported() throws {
        let snapshot = try ExportFixture.snapshot(.platform("atproto"), at: Self.date)
        #expect(throws: ExportError.notPublic) { try SourceNews.all(in: snapshot) }
        #expect(throws: ExportError.notPublic) { try STIXBundle.make(of: snapshot) }
    }

    @Test func aBadgeEndsWithTheSnapshotAndIsTakenBackFromTheDead() throws {
        let keys = try ExportFixture.keys()
        func labels(_ id: String) throws -> [JSONValue] {
            ATProtoLabels.labels(
                for: try news(id),
                source: "did:web:registry.example",
                key: keys.label,
                date: Self.date
            )
        }
        let living = try labels(ExportFixture.did)
        #expect(living.map { $0["val"] } == ["registry-attested"])
        #expect(living[0]["exp"] == "2026-11-28T00:00:00.000Z")
        let dead = try labels(ExportFixture.dead)
        #expect(dead.map { $0["val"] } == ["registry-attested", "registry-memorial"])
        #expect(dead.map { $0["neg"] } == [true, nil])
        #expect(try labels("u-7").isEmpty)
    }

    @Test func onlyTheAttestedGetCredentialsAndVerifications() throws {
        let keys = try ExportFixture.keys()
        let made = try news().compactMap {
            AttestationCredential.make(for: $0, key: keys.credential, date: Self.date)
        }
        #expect(made.count == 3)
        #expect(made[0]["validUntil"] == "2026-11-28T00:00:00Z")
        let profile = try #require(
            ATProtoProfile(["did": .string(ExportFixture.dead), "handle": "muerta.example"])
        )
        let dead = try news(ExportFixture.dead)
        #expect(ATProtoLabels.verification(of: dead, profile: profile, date: Self.date) == nil)
    }

    @Test func trustTextHoldsOrganisationsOnly() throws {
        let lines = [
            try TrustText.Line(.contact, "mailto:hola@registro.example"),
            try TrustText.Line(.member, "https://diario.example/"),
        ]
        let text = try TrustText(lines, sources: news())
        #expect(
            String(decoding: text.bytes, as: UTF8.self) == """
                member=https://diario.example/
                contact=mailto:hola@registro.example
                datatrainingallowed=no

                """
        )
        let profile = try TrustText.Line(
            .social,
            "https://bsky.app/profile/\(ExportFixture.did)"
        )
        #expect(throws: ExportError.namesASource) { try TrustText([profile], sources: news()) }
        for address in ["http://a.example", "https://", "https://a b", "https://a#b", "https://ñ"] {
            #expect(throws: ExportError.notAnAddress(address)) {
                try TrustText.Line(.member, address)
            }
        }
    }

    // BIP-340, test vectors 0 and 5: one that holds, one whose public key is not on the curve.
    @Test func libsecp256k1AgreesWithTheVectorsOfTheStandard() throws {
        let signature = try Hex.decode(
            "e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca8215"
                + "25f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0"
        )
        let key = try Hex.decode("f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9")
        let message = [UInt8](repeating: 0, count: 32)
        #expect(Schnorr.isValid(signature: signature, of: message, by: key))
        let other = [UInt8](repeating: 1, count: 32)
        #expect(!Schnorr.isValid(signature: signature, of: other, by: key))
        let off = try Hex.decode("eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34")
        #expect(!Schnorr.isValid(signature: signature, of: message, by: off))
    }
}
