// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Sodium
import Testing

/// `scripts/verify/age_pq.py` opens our post-quantum files without any code of ours.
@Suite struct AgeVerifierTests {
    private static let script = "scripts/verify/age_pq.py"

    @Test(.enabled(if: AgeWorkshop.hasPython), arguments: AgeWorkshop.counts)
    func postQuantumFilesOpenBothWays(_ count: Int) throws {
        let shop = try AgeWorkshop()
        let identity = HybridIdentity()
        let content = AgeWorkshop.content(count)
        try shop.write("key", identity.text().reveal())
        try shop.write("plain", content)
        let recipient = try shop.script(Self.script, "recipient", "key")
        #expect(String(decoding: recipient.output, as: UTF8.self) == identity.recipient.text + "\n")
        for isArmored in [false, true] {
            let encryptor = try AgeEncryptor(
                recipients: [HybridIdentity().recipient, identity.recipient],
                armored: isArmored
            )
            try shop.write("ours", encryptor.seal(content))
            let opened = try shop.script(Self.script, "open", "key", "ours")
            #expect(opened.code == 0, "\(count) bytes: \(opened.errors)")
            #expect(opened.output == content)
        }
        let sealed = try shop.script(Self.script, "seal", identity.recipient.text, "plain")
        #expect(sealed.code == 0, "\(sealed.errors)")
        #expect(try AgeDecryptor(identities: [identity]).open(sealed.output) == content)
    }

    @Test(.enabled(if: AgeWorkshop.hasPython))
    func bothRefuseTheSameFilesForTheSameReason() throws {
        let shop = try AgeWorkshop()
        let identity = HybridIdentity()
        try shop.write("key", identity.text().reveal())
        let sealed = try AgeEncryptor(recipients: [identity.recipient]).seal([1, 2, 3])
        let payload = sealed.count - PayloadLayout.payloadCount(plaintextCount: 3)
        // The version, the stanza's ciphertext, its body, the MAC, the nonce, the chunk.
        for position in [3, 500, payload - 80, payload - 20, payload, sealed.count - 1] {
            var changed = sealed
            changed[position] ^= 1
            try shop.write("file", changed)
            let verdict = try shop.script(Self.script, "open", "key", "file")
            let ours = #expect(throws: AgeError.self) {
                try AgeDecryptor(identities: [identity]).open(changed)
            }
            let word = try #require(ours).failureClass.rawValue
            #expect(verdict.errors == "age_pq: \(word)\n", "byte \(position)")
            #expect(verdict.output.isEmpty)
        }
    }
}
