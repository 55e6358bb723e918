// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Storage
import Testing
import TransparencyLog
import Vault

/// A log has a million entries at most.
///
/// Nobody makes a million here: the log's own key signs a checkpoint that says so, and whatever
/// refuses it looks at nothing else.
@Suite struct FullLogTests {
    private func pretend(_ size: UInt64, _ temporary: TemporaryHome) throws {
        let signer = try temporary.logSigner()
        let checkpoint = Checkpoint(origin: signer.verifier.name, size: size, root: .leaf([]))
        let note = SignedNote(
            text: checkpoint.text,
            signatures: [signer.sign(checkpoint.text)]
        )
        let path = temporary.home.layout.log.appending("checkpoint")
        try Directory.replace(path, with: note.encoded)
    }

    @Test func takesNoEntryMoreThanTheMost() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        try pretend(VaultLog.entryCountMax, temporary)
        #expect(try temporary.home.store.log().size == 1_000_000)
        let path = try temporary.write("in/a", pattern(10))
        #expect(throws: VaultError.tooManyEntries(limit: 1_000_000)) {
            _ = try temporary.deposit([path], in: item)
        }
        let layout = temporary.home.layout
        #expect(try layout.objects.list().names.isEmpty)
        #expect(try Directory.names(in: layout.objects.incoming).isEmpty)
    }

    @Test func aLongerLogIsRefusedByWhateverReadsIt() throws {
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        try pretend(VaultLog.entryCountMax + 1, temporary)
        let path = try temporary.write("in/a", pattern(10))
        let error = VaultError.tooManyEntries(limit: 1_000_000)
        #expect(throws: error) { _ = try temporary.audit() }
        #expect(throws: error) { _ = try temporary.home.store.auditLog() }
        #expect(throws: error) { _ = try temporary.home.items(in: item) }
        #expect(throws: error) { _ = try temporary.home.store.receipt(index: 0) }
        #expect(throws: error) { _ = try temporary.deposit([path], in: item) }
    }
}
