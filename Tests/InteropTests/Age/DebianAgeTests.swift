// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Encodings
import Sodium
import Testing

/// Files of ours in Debian's age (the Go implementation, 1.1.1) and its files here.
@Suite struct DebianAgeTests {
    /// Answers age's questions, which it asks on a terminal only.
    private static let terminal = """
        import os, pty, sys
        answer = sys.argv[1].encode() + b"\\n"
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvp(sys.argv[2], sys.argv[2:])
        seen = b""
        while True:
            try:
                piece = os.read(terminal, 1024)
            except OSError:
                break
            if not piece:
                break
            seen += piece
            if seen.rstrip().endswith(b":"):
                os.write(terminal, answer)
                seen = b""
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """

    @Test(.enabled(if: AgeWorkshop.hasAge), arguments: AgeWorkshop.counts)
    func filesForX25519OpenBothWays(_ count: Int) throws {
        let shop = try AgeWorkshop()
        let identity = X25519Identity()
        let recipient = identity.recipient
        let content = AgeWorkshop.content(count)
        try shop.write("key", identity.text().reveal())
        try shop.write("plain", content)
        for isArmored in [false, true] {
            let encryptor = try AgeEncryptor(recipients: [recipient], armored: isArmored)
            try shop.write("ours", encryptor.seal(content))
            let opened = try shop.age("-d", "-i", "key", "ours")
            #expect(opened.code == 0, "\(count) bytes: \(opened.errors)")
            #expect(opened.output == content)
            let flags = isArmored ? ["-a"] : []
            let arguments = flags + ["-r", recipient.text, "-o", "theirs", "plain"]
            let sealed = try shop.run("/usr/bin/age", arguments)
            #expect(sealed.code == 0, "\(sealed.errors)")
            let decryptor = AgeDecryptor(identities: [identity])
            #expect(try decryptor.open(shop.read("theirs")) == content)
        }
    }

    @Test(.enabled(if: AgeWorkshop.hasAge && AgeWorkshop.hasPython))
    func filesWithPassphraseOpenBothWays() throws {
        let shop = try AgeWorkshop()
        let words = "contraseña de prueba"
        let content = AgeWorkshop.content(65_537)
        try shop.write("plain", content)
        func passphrase() -> SecretBytes { SecretBytes(copying: Array(words.utf8)) }
        let recipient = ScryptRecipient(passphrase: passphrase(), log2N: 12)
        try shop.write("ours", AgeEncryptor(recipients: [recipient]).seal(content))
        let opened = try shop.python(Self.terminal, words, "age", "-d", "-o", "opened", "ours")
        #expect(opened.code == 0, "\(opened.errors)")
        #expect(try shop.read("opened") == content)
        let sealed = try shop.python(
            Self.terminal,
            words,
            "age",
            "-p",
            "-o",
            "theirs",
            "plain"
        )
        #expect(sealed.code == 0, "\(sealed.errors)")
        let identity = ScryptIdentity(passphrase: passphrase())
        #expect(try AgeDecryptor(identities: [identity]).open(shop.read("theirs")) == content)
    }

    @Test(.enabled(if: AgeWorkshop.hasAge), arguments: AgeWorkshop.counts)
    func postQuantumFilesOpenBothWaysThroughOurPlugin(_ count: Int) throws {
        let shop = try AgeWorkshop()
        try shop.installPlugin()
        let identity = HybridIdentity()
        let content = AgeWorkshop.content(count)
        try shop.write("plain", content)
        try shop.write("native", identity.text().reveal() + [UInt8(ascii: "\n")])
        let converted = try shop.run("age-plugin-pq", ["-identity", "native"])
        #expect(converted.code == 0, "\(converted.errors)")
        try shop.write("key", converted.output)
        try shop.write("ours", AgeEncryptor(recipients: [identity.recipient]).seal(content))
        let opened = try shop.age("-d", "-i", "key", "ours")
        #expect(opened.code == 0, "\(opened.errors)")
        #expect(opened.output == content)
        let sealed = try shop.age("-r", identity.recipient.text, "-o", "theirs", "plain")
        #expect(sealed.code == 0, "\(sealed.errors)")
        #expect(try AgeDecryptor(identities: [identity]).open(shop.read("theirs")) == content)
        // Symmetrically, to the identity itself.
        let symmetric = try shop.age("-e", "-i", "key", "-o", "symmetric", "plain")
        #expect(symmetric.code == 0, "\(symmetric.errors)")
        #expect(try AgeDecryptor(identities: [identity]).open(shop.read("symmetric")) == content)
    }

    @Test(.enabled(if: AgeWorkshop.hasAge))
    func pluginPassesOverFilesOfOthers() throws {
        let shop = try AgeWorkshop()
        try shop.installPlugin()
        try shop.write("key", HybridIdentity().pluginText().reveal())
        for other in [HybridIdentity().recipient, X25519Identity().recipient]
            as [any AgeRecipient]
        {
            try shop.write("file", AgeEncryptor(recipients: [other]).seal([1]))
            let opened = try shop.age("-d", "-i", "key", "file")
            #expect(opened.code == 1)
            #expect(opened.output.isEmpty)
            #expect(opened.errors.contains("no identity matched"))
        }
    }

    @Test(.enabled(if: AgeWorkshop.hasAge))
    func pluginRefusesWhatIsNoRecipient() throws {
        let shop = try AgeWorkshop()
        try shop.installPlugin()
        try shop.write("plain", "x")
        // A valid Bech32 string of the plugin's prefix with too short a key.
        let recipient = Bech32.encode(prefix: HybridRecipient.prefix, bytes: [1, 2, 3])
        let sealed = try shop.age("-r", recipient, "plain")
        #expect(sealed.code == 1)
        #expect(sealed.output.isEmpty)
        #expect(sealed.errors.contains("not a post-quantum recipient"))
    }
}
