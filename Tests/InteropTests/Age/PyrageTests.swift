// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Sodium
import Testing

/// Files of ours in pyrage (the Rust implementation) and its files here.
@Suite struct PyrageTests {
    private static let program = """
        import sys
        import pyrage
        what, key, source, target = sys.argv[1:]
        content = open(source, "rb").read()
        if what == "seal":
            result = pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key)])
        elif what == "open":
            result = pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(key)])
        elif what == "seal-passphrase":
            result = pyrage.passphrase.encrypt(content, key)
        else:
            result = pyrage.passphrase.decrypt(content, key)
        open(target, "wb").write(result)
        """

    @Test(.enabled(if: AgeWorkshop.hasPython), arguments: AgeWorkshop.counts)
    func filesForX25519OpenBothWays(_ count: Int) throws {
        let shop = try AgeWorkshop()
        let identity = X25519Identity()
        let secret = String(decoding: identity.text().reveal(), as: UTF8.self)
        let content = AgeWorkshop.content(count)
        try shop.write("plain", content)
        try shop.write("ours", AgeEncryptor(recipients: [identity.recipient]).seal(content))
        let opened = try shop.python(Self.program, "open", secret, "ours", "opened")
        #expect(opened.code == 0, "\(count) bytes: \(opened.errors)")
        #expect(try shop.read("opened") == content)
        let recipient = identity.recipient.text
        let sealed = try shop.python(Self.program, "seal", recipient, "plain", "theirs")
        #expect(sealed.code == 0, "\(sealed.errors)")
        #expect(try AgeDecryptor(identities: [identity]).open(shop.read("theirs")) == content)
    }

    @Test(.enabled(if: AgeWorkshop.hasPython))
    func filesWithPassphraseOpenBothWays() throws {
        let shop = try AgeWorkshop()
        let content = AgeWorkshop.content(65_536)
        let words = "correcto caballo"
        func passphrase() -> SecretBytes { SecretBytes(copying: Array(words.utf8)) }
        try shop.write("plain", content)
        let recipient = ScryptRecipient(passphrase: passphrase(), log2N: 12)
        try shop.write("ours", AgeEncryptor(recipients: [recipient]).seal(content))
        let opened = try shop.python(Self.program, "open-passphrase", words, "ours", "opened")
        #expect(opened.code == 0, "\(opened.errors)")
        #expect(try shop.read("opened") == content)
        let sealed = try shop.python(Self.program, "seal-passphrase", words, "plain", "theirs")
        #expect(sealed.code == 0, "\(sealed.errors)")
        let identity = ScryptIdentity(passphrase: passphrase())
        #expect(try AgeDecryptor(identities: [identity]).open(shop.read("theirs")) == content)
    }
}
