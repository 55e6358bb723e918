// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Sodium
import Testing
import Vault

@Suite struct KeyringTests {
    private static let owner = pattern(32, seed: 1)
    private static let other = pattern(32, seed: 6)

    private static func recipient(_ seed: [UInt8]) throws -> [UInt8] {
        try HybridIdentity(seed: SecretBytes(copying: seed)).recipient.publicKey
    }

    private static func secrets(
        slot: Int,
        identity: [UInt8] = owner,
        other: [UInt8] = other
    ) throws -> KeyringSecrets {
        KeyringSecrets(
            slot: slot,
            identity: SecretBytes(copying: identity),
            logSeed: SecretBytes(copying: pattern(32, seed: 2)),
            checkInToken: SecretBytes(copying: pattern(32, seed: 3)),
            otherRecipient: try recipient(other),
            recoveryRecipient: pattern(1216, seed: 5)
        )
    }

    private func sealed(slot: Int) throws -> Keyring {
        try Keyring(
            Self.secrets(slot: slot),
            passphrase: TemporaryHome.passphrase(),
            work: .demo
        )
    }

    /// A keyring with both slots.
    private func sealedTwice(slot: Int) throws -> Keyring {
        var keyring = try sealed(slot: slot)
        try keyring.seal(
            Self.secrets(slot: slot),
            passphrase: TemporaryHome.passphrase(),
            other: Self.secrets(slot: 1 - slot, identity: Self.other, other: Self.owner),
            otherPassphrase: TemporaryHome.passphrase("other")
        )
        return keyring
    }

    private func identity(_ keyring: Keyring, _ passphrase: String) throws -> [UInt8] {
        try Keyring(parsing: keyring.bytes).open(
            passphrase: TemporaryHome.passphrase(passphrase),
            least: .demo
        ).identity.reveal()
    }

    @Test(arguments: [0, 1]) func opensTheSlotThatFits(_ slot: Int) throws {
        let keyring = try Keyring(parsing: try sealed(slot: slot).bytes)
        let opened = try keyring.open(passphrase: TemporaryHome.passphrase(), least: .demo)
        #expect(opened.slot == slot)
        #expect(opened.identity.reveal() == pattern(32, seed: 1))
        #expect(opened.logSeed.reveal() == pattern(32, seed: 2))
        #expect(opened.checkInToken.reveal() == pattern(32, seed: 3))
        #expect(try opened.otherRecipient == Self.recipient(Self.other))
        #expect(opened.recoveryRecipient == pattern(1216, seed: 5))
    }

    @Test func holdsASecondSlot() throws {
        let keyring = try sealedTwice(slot: 1)
        #expect(keyring.bytes.count == Keyring.byteCount)
        #expect(try identity(keyring, "correct horse") == Self.owner)
        #expect(try identity(keyring, "other") == Self.other)
    }

    @Test(arguments: [0, 1]) func changesEitherSlotWithoutLosingTheOther(_ slot: Int) throws {
        var keyring = try sealedTwice(slot: slot)
        // In turn, since each change has to reach the other slot's next one.
        for round in 1...3 {
            let before = keyring.bytes
            try keyring.seal(
                Self.secrets(slot: slot),
                passphrase: TemporaryHome.passphrase("owner \(round)")
            )
            #expect(try identity(keyring, "owner \(round)") == Self.owner)
            let duress = round == 1 ? "other" : "duress \(round - 1)"
            #expect(try identity(keyring, duress) == Self.other)
            try keyring.seal(
                Self.secrets(slot: 1 - slot, identity: Self.other, other: Self.owner),
                passphrase: TemporaryHome.passphrase("duress \(round)")
            )
            #expect(try identity(keyring, "owner \(round)") == Self.owner)
            #expect(try identity(keyring, "duress \(round)") == Self.other)
            #expect(keyring.bytes.count == before.count)
        }
        #expect(throws: VaultError.passphraseInUse) {
            try keyring.seal(
                Self.secrets(slot: slot),
                passphrase: TemporaryHome.passphrase("duress 3")
            )
        }
    }

    @Test(arguments: [false, true]) func aChangeLeavesNoByteOfEitherSlot(_ hasTwo: Bool) throws {
        for slot in [0, 1] {
            var keyring = try hasTwo ? sealedTwice(slot: 0) : sealed(slot: slot)
            let before = keyring.bytes
            let isOwner = !hasTwo || slot == 0
            try keyring.seal(
                isOwner
                    ? Self.secrets(slot: slot)
                    : Self.secrets(slot: slot, identity: Self.other, other: Self.owner),
                passphrase: TemporaryHome.passphrase("new")
            )
            for slot in [0, 1] {
                let start = 64 + slot * Keyring.slotCount
                let pairs = zip(before[start...], keyring.bytes[start...])
                let same = pairs.prefix(Keyring.slotCount).count { $0 == $1 }
                // The 16 bytes of the salt, and one in 256 of the others by chance.
                #expect((16...60).contains(same), "slot \(slot): \(same) bytes are the same")
            }
        }
    }

    @Test func endsASlot() throws {
        var keyring = try sealedTwice(slot: 0)
        try keyring.sealAlone(
            Self.secrets(slot: 0),
            passphrase: TemporaryHome.passphrase()
        )
        #expect(try identity(keyring, "correct horse") == Self.owner)
        #expect(throws: VaultError.wrongPassphrase) { _ = try identity(keyring, "other") }
        #expect(throws: VaultError.passphraseInUse) {
            try keyring.seal(
                Self.secrets(slot: 0),
                passphrase: TemporaryHome.passphrase("same"),
                other: Self.secrets(slot: 1, identity: Self.other, other: Self.owner),
                otherPassphrase: TemporaryHome.passphrase("same")
            )
        }
    }

    @Test func refusesAnotherPassphrase() throws {
        let keyring = try sealed(slot: 0)
        #expect(throws: VaultError.wrongPassphrase) {
            _ = try keyring.open(passphrase: TemporaryHome.passphrase("wrong"), least: .demo)
        }
        #expect(throws: VaultError.invalidPassphrase) {
            _ = try keyring.open(passphrase: TemporaryHome.passphrase(""), least: .demo)
        }
    }

    @Test func refusesLittleWork() throws {
        let keyring = try sealed(slot: 0)
        #expect(throws: VaultError.keyringTooWeak) {
            _ = try keyring.open(passphrase: TemporaryHome.passphrase())
        }
    }

    @Test func tellsDamageFromAWrongPassphrase() throws {
        let bytes = try sealed(slot: 0).bytes
        #expect(bytes.count == Keyring.byteCount)
        for offset in stride(from: 0, to: bytes.count, by: 61) {
            var damaged = bytes
            damaged[offset] ^= 0x10
            #expect(throws: VaultError.self, "byte \(offset)") {
                _ = try Keyring(parsing: damaged)
            }
        }
        for count in [0, 1, 20, 64, bytes.count - 1] {
            #expect(throws: VaultError.keyringDamaged, "\(count) bytes") {
                _ = try Keyring(parsing: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: VaultError.keyringDamaged) { _ = try Keyring(parsing: bytes + [0]) }
        #expect(throws: VaultError.keyringTooNew) {
            _ = try Keyring(parsing: Array("resguardo-keyring/2\n".utf8) + bytes.dropFirst(20))
        }
    }
}
