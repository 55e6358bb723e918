// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Sodium
import Testing
import TransparencyLog

@Suite struct SignedNoteTests {
    // Go's golang.org/x/mod/sumdb/note publishes this key and this note.
    private let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    private let line =
        "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
        + "RKuwHjG1Yu72IneyaQM="
    private let text = "This is an example message.\n"

    @Test func publishedNoteVerifies() throws {
        let verifier = try NoteVerifier(parsing: vkey)
        #expect(verifier.encoded == vkey)
        #expect(verifier.keyID == 0x530d_903a)
        let bytes = Array("\(text)\n\(line)\n".utf8)
        let note = try SignedNote(parsing: bytes)
        #expect(note.text == Array(text.utf8))
        #expect(note.encoded == bytes)
        let verified = try note.verify([verifier])
        #expect(verified.map(\.verifier) == [verifier])
        #expect(verified.map(\.time) == [0])
    }

    @Test func unknownSignaturesAreSkippedAndBadOnesRefused() throws {
        let verifier = try NoteVerifier(parsing: vkey)
        let known = try NoteSignature(parsing: Array(line.utf8))
        let stranger = NoteSignature(name: try KeyName("other"), keyID: 1, bytes: [1])
        let sameName = NoteSignature(name: known.name, keyID: 1, bytes: [1])
        var note = SignedNote(text: Array(text.utf8), signatures: [stranger, sameName, known])
        #expect(try note.verify([verifier]).count == 1)
        note = SignedNote(text: Array(text.utf8), signatures: [stranger, sameName])
        #expect(throws: TransparencyLogError.noKnownSignature) { try note.verify([verifier]) }
        var bad = known.bytes
        bad[63] ^= 1
        let forged = NoteSignature(name: known.name, keyID: known.keyID, bytes: bad)
        note = SignedNote(text: Array(text.utf8), signatures: [known, forged])
        #expect(throws: TransparencyLogError.invalidSignature(line: 2)) {
            try note.verify([verifier])
        }
        note = SignedNote(text: Array("Another message.\n".utf8), signatures: [known])
        #expect(throws: TransparencyLogError.invalidSignature(line: 1)) {
            try note.verify([verifier])
        }
    }

    @Test func textMayHoldBlankLines() throws {
        let bytes = Array("a\n\nb\n\n\(line)\n".utf8)
        let note = try SignedNote(parsing: bytes)
        #expect(note.text == Array("a\n\nb\n".utf8))
        #expect(note.encoded == bytes)
    }

    @Test(arguments: [
        ("", 1), ("a\n", 2), ("a\n\n", 3), ("a\n— a AAAAAAA=\n", 3), ("a\n\n— a AAAAAAA=", 3),
        ("a\n\n- a AAAAAAA=\n", 3), ("a\n\n— a AAAAAA==\n", 3), ("a\n\n— a AAAAAAB=\n", 3),
        ("a\n\n— a  AAAAAAA=\n", 3), ("a\n\n— a+b AAAAAAA=\n", 3), ("a\n\n— a AAAAAAA= \n", 3),
        ("a\n\n—  AAAAAAA=\n", 3), ("a\r\n\n— a AAAAAAA=\n", 1), ("a\n\n— a AAAAAAA=\n\n", 5),
        ("a\n\n— a\u{a0}b AAAAAAA=\n", 3), ("a\n\n— a AAAAAAA=\nx\n", 4), ("a\n\tb\n", 2),
    ]) func malformedNotesAreRefused(text: String, line: Int) {
        #expect(throws: TransparencyLogError.malformedNote(line: line)) {
            try SignedNote(parsing: Array(text.utf8))
        }
    }

    @Test func notesThatAreNotUTF8AreRefused() {
        let bytes = Array("a\n\n— a AAAAAAA=\n".utf8)
        #expect(throws: TransparencyLogError.malformedNote(line: 4)) {
            try SignedNote(parsing: [0xff] + bytes)
        }
    }

    @Test(arguments: [
        "", "a", "a+530d903a",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2", "a+00000000+AQ==",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ]) func malformedKeysAreRefused(text: String) {
        #expect(throws: TransparencyLogError.malformedKey) { try NoteVerifier(parsing: text) }
    }

    @Test func namesOfDifferentBytesAreDifferent() throws {
        let composed = try KeyName("caf\u{e9}")
        let decomposed = try KeyName("cafe\u{301}")
        #expect(composed != decomposed)
    }

    @Test func signersSurviveTheirTextForm() throws {
        let signer = NoteSigner(name: try KeyName("example.com/log"), key: Ed25519.SecretKey())
        let text = signer.encoded()
        #expect(try NoteSigner(parsing: text).verifier == signer.verifier)
        let cosigner = try Cosigner(parsing: text)
        #expect(cosigner.verifier.key == signer.verifier.key)
        #expect(cosigner.verifier.keyID != signer.verifier.keyID)
        var damaged = text.reveal()
        damaged[damaged.count - 2] ^= 1
        #expect(throws: TransparencyLogError.malformedKey) {
            try NoteSigner(parsing: SecretBytes(copying: damaged))
        }
    }

    @Test func cosignaturesCarryTheirTime() throws {
        let name = try KeyName("example.com/log")
        let signer = NoteSigner(name: name, key: Ed25519.SecretKey())
        let cosigner = Cosigner(name: try KeyName("witness"), key: Ed25519.SecretKey())
        let checkpoint = Checkpoint(origin: name, size: 0, root: MerkleTree.emptyRoot)
        var note = SignedNote(text: checkpoint.text, signatures: [signer.sign(checkpoint.text)])
        note.add(cosigner.cosign(checkpoint.text, time: 1))
        note.add(cosigner.cosign(checkpoint.text, time: 1_795_300_000))
        #expect(note.signatures.count == 2)
        let verified = try note.verify([signer.verifier, cosigner.verifier])
        #expect(verified.map(\.time) == [0, 1_795_300_000])
        let other = Checkpoint(origin: name, size: 1, root: .leaf([]))
        let moved = SignedNote(text: other.text, signatures: [note.signatures[1]])
        #expect(throws: TransparencyLogError.invalidSignature(line: 1)) {
            try moved.verify([cosigner.verifier])
        }
        // A later time in the line than the one that was signed.
        var bytes = note.signatures[1].bytes
        bytes[7] ^= 1
        let line = NoteSignature(
            name: cosigner.verifier.name,
            keyID: cosigner.verifier.keyID,
            bytes: bytes
        )
        note = SignedNote(text: checkpoint.text, signatures: [line])
        #expect(throws: TransparencyLogError.invalidSignature(line: 1)) {
            try note.verify([cosigner.verifier])
        }
    }
}
