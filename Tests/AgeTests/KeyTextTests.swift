// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Encodings
import Sodium
import Testing

@Suite struct KeyTextTests {
    private static func secret(_ text: String) -> SecretBytes {
        SecretBytes(copying: Array(text.utf8))
    }

    private static func reveal(_ secret: borrowing SecretBytes) -> String {
        String(decoding: secret.reveal(), as: UTF8.self)
    }

    @Test func keysHaveTheShapesOfTheSpecification() throws {
        let classic = X25519Identity()
        #expect(classic.recipient.text.hasPrefix("age1"))
        #expect(classic.recipient.text.count == 62)
        #expect(Self.reveal(classic.text()).hasPrefix("AGE-SECRET-KEY-1"))
        #expect(Self.reveal(classic.text()).count == 74)
        let hybrid = HybridIdentity()
        #expect(hybrid.recipient.text.hasPrefix("age1pq1"))
        #expect(hybrid.recipient.text.count == 1959)
        #expect(Self.reveal(hybrid.text()).hasPrefix("AGE-SECRET-KEY-PQ-1"))
        #expect(Self.reveal(hybrid.pluginText()).hasPrefix("AGE-PLUGIN-PQ-1"))
    }

    @Test func textIsReadBackAsTheSameKey() throws {
        let classic = X25519Identity()
        let hybrid = HybridIdentity()
        let readClassic = try X25519Identity(parsing: classic.text())
        #expect(readClassic.recipient == classic.recipient)
        let readHybrid = try HybridIdentity(parsing: hybrid.text())
        #expect(readHybrid.recipient == hybrid.recipient)
        let fromPlugin = try HybridIdentity(parsing: hybrid.pluginText(), asPlugin: true)
        #expect(fromPlugin.recipient == hybrid.recipient)
        #expect(try X25519Recipient(parsing: classic.recipient.text) == classic.recipient)
        #expect(try HybridRecipient(parsing: hybrid.recipient.text) == hybrid.recipient)
    }

    @Test func refusesKeysOfTheWrongCase() {
        let identity = X25519Identity()
        let text = Self.reveal(identity.text())
        #expect(throws: AgeError.malformedIdentity(line: 1)) {
            _ = try IdentityFile.identity(Self.secret(text.lowercased()))
        }
        #expect(throws: AgeError.malformedRecipient(line: 1)) {
            _ = try RecipientFile.recipient(identity.recipient.text.uppercased())
        }
    }

    @Test func refusesKeysOfTheWrongLength() {
        for count in [0, 1, 31, 33, 64] {
            let bytes = [UInt8](repeating: 7, count: count)
            let recipient = Bech32.encode(prefix: "age", bytes: bytes)
            #expect(throws: AgeError.malformedRecipient(line: 1)) {
                _ = try RecipientFile.recipient(recipient)
            }
            for prefix in ["age-secret-key-", "age-secret-key-pq-"] {
                let text = Bech32.encode(prefix: prefix, bytes: bytes).uppercased()
                #expect(throws: AgeError.malformedIdentity(line: 1)) {
                    _ = try IdentityFile.identity(Self.secret(text))
                }
            }
        }
    }

    @Test func refusesEncapsulationKeysThatAreNotReduced() throws {
        var bytes = HybridIdentity().recipient.publicKey
        // 3329 = 0xd01 as the first and as the last coefficient.
        for (position, value) in [(0, [0x01, 0x0d]), (1150, [0x10, 0xd0])] as [(Int, [UInt8])] {
            let saved = bytes
            bytes[position] = value[0] | (position == 0 ? 0 : bytes[position] & 0x0f)
            bytes[position + 1] = value[1] | (position == 0 ? bytes[position + 1] & 0xf0 : 0)
            let text = Bech32.encode(prefix: HybridRecipient.prefix, bytes: bytes)
            #expect(throws: AgeError.malformedRecipient(line: 1)) {
                _ = try RecipientFile.recipient(text)
            }
            bytes = saved
        }
    }

    @Test func refusesRecipientsOfLowOrderWhenSealing() throws {
        let low = try X25519Recipient(publicKey: [UInt8](repeating: 0, count: 32))
        #expect(throws: AgeError.malformedRecipient(line: 1)) {
            try AgeEncryptor(recipients: [low]).seal([1])
        }
        var bytes = HybridIdentity().recipient.publicKey
        bytes.replaceSubrange(1184..., with: [UInt8](repeating: 0, count: 32))
        let lowHybrid = try HybridRecipient(publicKey: bytes)
        #expect(throws: AgeError.malformedRecipient(line: 1)) {
            try AgeEncryptor(recipients: [lowHybrid]).seal([1])
        }
    }

    @Test func readsFilesOfRecipientsWithCommentsAndEmptyLines() throws {
        let first = X25519Identity().recipient
        let second = HybridIdentity().recipient
        let text = "# mine\n\n\(first.text)\r\n# hers\n\(second.text)"
        let recipients = try RecipientFile.recipients(in: Array(text.utf8))
        #expect(recipients.count == 2)
        #expect(recipients[0] as? X25519Recipient == first)
        #expect(recipients[1] as? HybridRecipient == second)
    }

    @Test func namesTheLineOfAMalformedRecipient() {
        let text = "# mine\n\(X25519Identity().recipient.text)\n age1space\n"
        #expect(throws: AgeError.malformedRecipient(line: 3)) {
            _ = try RecipientFile.recipients(in: Array(text.utf8))
        }
    }

    @Test func readsFilesOfIdentitiesWithCommentsAndEmptyLines() throws {
        let first = X25519Identity()
        let second = HybridIdentity()
        let text = "# mine\n\(Self.reveal(first.text()))\n\n\(Self.reveal(second.text()))\r\n"
        let identities = try IdentityFile.identities(in: Self.secret(text))
        #expect(identities.count == 2)
        #expect((identities[0] as? X25519Identity)?.recipient == first.recipient)
        #expect((identities[1] as? HybridIdentity)?.recipient == second.recipient)
    }

    @Test func namesTheLineOfAMalformedIdentity() {
        let text = "\n#\nAGE-SECRET-KEY-1QQQ\n"
        #expect(throws: AgeError.malformedIdentity(line: 3)) {
            _ = try IdentityFile.identities(in: Self.secret(text))
        }
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n"])
    func refusesFilesThatHoldNobody(_ text: String) {
        #expect(throws: AgeError.self) {
            _ = try RecipientFile.recipients(in: Array(text.utf8))
        }
        #expect(throws: AgeError.self) {
            _ = try IdentityFile.identities(in: Self.secret(text))
        }
    }
}
