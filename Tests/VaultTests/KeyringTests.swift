// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing
import Vault

@Suite struct KeyringTests {
    private func secrets(slot: Int, role: KeyringSecrets.Role = .owner) -> KeyringSecrets {
        KeyringSecrets(
            role: role,
            slot: slot,
            identity: SecretBytes(copying: pattern(32, seed: 1)),
            logSeed: SecretBytes(copying: pattern(32, seed: 2)),
            checkInToken: SecretBytes(copying: pattern(32, seed: 3)),
            otherRecipient: pattern(1216, seed: 4),
            recoveryRecipient: pattern(1216, seed: 5)
        )
    }

    private func sealed(slot: Int) throws -> Keyring {
        var keyring = Keyring(work: .demo)
        try keyring.seal(secrets(slot: slot), passphrase: TemporaryHome.passphrase())
        return keyring
    }

    @Test(arguments: [0, 1]) func opensTheSlotThatFits(_ slot: Int) throws {
        let keyring = try Keyring(parsing: try sealed(slot: slot).bytes)
        let opened = try keyring.open(passphrase: TemporaryHome.passphrase(), least: .demo)
        #expect(opened.slot == slot)
        #expect(opened.role == .owner)
        #expect(opened.identity.reveal() == pattern(32, seed: 1))
        #expect(opened.logSeed.reveal() == pattern(32, seed: 2))
        #expect(opened.checkInToken.reveal() == pattern(32, seed: 3))
        #expect(opened.otherRecipient == pattern(1216, seed: 4))
        #expect(opened.recoveryRecipient == pattern(1216, seed: 5))
    }

    @Test func holdsASecondSlotThatDoesNotShow() throws {
        var keyring = try sealed(slot: 1)
        let before = keyring.bytes
        try keyring.seal(
            secrets(slot: 0, role: .duress),
            passphrase: TemporaryHome.passphrase("other")
        )
        #expect(keyring.bytes.count == before.count)
        let duress = try keyring.open(passphrase: TemporaryHome.passphrase("other"), least: .demo)
        #expect(duress.role == .duress)
        let owner = try keyring.open(passphrase: TemporaryHome.passphrase(), least: .demo)
        #expect(owner.role == .owner)
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
