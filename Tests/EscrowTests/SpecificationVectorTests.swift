// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Escrow
import Sodium
import Testing

@Suite struct SpecificationVectorTests {
    @Test(arguments: ["2of2", "2of3", "3of5", "4of7"])
    func theVectorsAreReproducedByteForByte(name: String) throws {
        let vector = try SpecificationVectors.load(name)
        let inputs = try vector.member("inputs")
        let expected = try EscrowContext(json: vector.member("context"))
        let scope = expected.scope
        #expect(try scope.digest == vector.bytes("scopeDigest"))
        let secrets = try inputs.byteList("trusteeSecrets")
        let enrolEntropy = try inputs.byteList("enrolEntropy")
        let trustees = try zip(secrets, enrolEntropy).map { secret, entropy in
            try TrusteeSecret(SecretBytes(copying: secret))
                .enrolment(in: scope, entropy: SecretBytes(copying: entropy))
        }
        let context = try EscrowContext(
            scope: scope,
            threshold: expected.threshold,
            trustees: trustees
        )
        #expect(try context.digest == vector.bytes("contextDigest"))
        #expect(try context.json == vector.member("context"))

        let dealt = try Dealer.deal(
            in: context,
            entropy: SecretBytes(copying: inputs.bytes("dealEntropy"))
        )
        let dealing = dealt.dealing
        #expect(try dealing.dealing.json == vector.member("dealing"))
        #expect(try dealing.dealing.bytes == vector.bytes("dealingBytes"))
        #expect(try dealing.digest == vector.bytes("dealingDigest"))
        #expect(try dealt.seed.reveal() == vector.bytes("seed"))

        let openEntropy = try inputs.byteList("openEntropy")
        var shares: [VerifiedShare] = []
        for (index, expected) in try vector.list("shares").enumerated() {
            let share = try TrusteeSecret(SecretBytes(copying: secrets[index]))
                .open(dealing, entropy: SecretBytes(copying: openEntropy[index]))
            #expect(share.json == expected)
            shares.append(try OpenedShare(json: expected).verified(in: dealing))
        }
        let seed = try dealing.combine(shares).reveal()
        #expect(try seed == vector.bytes("seed"))
        let identity = Bech32.encode(prefix: "age-secret-key-pq-", bytes: seed).uppercased()
        #expect(try identity == vector.member("identity").string)
        try checkDrills(vector, context: context, secrets: secrets)
    }

    private func checkDrills(
        _ vector: JSONValue,
        context: EscrowContext,
        secrets: [[UInt8]]
    ) throws {
        let inputs = try vector.member("inputs")
        let checkpoint = try inputs.bytes("drillCheckpoint")
        let entropy = try inputs.byteList("drillEntropy")
        for (index, expected) in try vector.byteList("drillProofs").enumerated() {
            let drill = try TrusteeSecret(SecretBytes(copying: secrets[index])).drill(
                in: context,
                checkpoint: checkpoint,
                entropy: SecretBytes(copying: entropy[index])
            )
            #expect(drill.proof.bytes == expected)
            let read = try DrillProof(index: index + 1, proof: expected)
            #expect(read.isValid(in: context, checkpoint: checkpoint))
        }
    }

    @Test func everyDamagedTranscriptIsRefusedInItsClass() throws {
        let vectors = try SpecificationVectors.load("refused")
        let good = try vectors.member("good")
        #expect(try verdict(good) == "ok \(#require(good["seed"]?.string))")
        let refused = try vectors.list("refused")
        #expect(refused.count > 60)
        for damaged in refused {
            var parts = try #require(good.object)
            parts.merge(try #require(damaged.object)) { $1 }
            let expected = try "refused \(#require(damaged["class"]?.string))"
            let comment = damaged["comment"]?.string ?? ""
            #expect(try verdict(.object(parts)) == expected, "\(comment)")
        }
    }

    private func verdict(_ parts: JSONValue) throws -> String {
        try Verdict.of(
            context: parts.member("context").canonicalBytes,
            dealing: parts.member("dealing").canonicalBytes,
            shares: parts.list("shares").map(\.canonicalBytes)
        )
    }
}
