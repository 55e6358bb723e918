// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage

/// Why the vault refused or failed.
///
/// Files that fail in the system throw ``FileFailure`` instead.
package enum VaultError: Error, Equatable, Sendable {
    // The home and its keyring.

    /// There is no keyring: no home was made here.
    case homeMissing(BytePath)
    /// There is a keyring already.
    case homeExists(BytePath)
    /// The keyring has another length, heading or checksum than it was written with.
    case keyringDamaged
    /// The keyring asks for less work against guessing than is safe.
    case keyringTooWeak
    /// The keyring or the home was written by a newer version.
    case keyringTooNew
    /// Neither slot opens.
    case wrongPassphrase
    /// The machine has not enough memory to derive the key.
    case outOfMemory
    /// A passphrase is empty or longer than 1 KiB.
    case invalidPassphrase
    /// The two slots would have the same passphrase.
    case passphraseInUse
    /// There is a home, and its keyring was wiped or lost.
    case keyringMissing
    /// What was given as a recovery key is none.
    case malformedRecoveryKey
    /// A recovery key of another home.
    case wrongRecoveryKey
    /// What the recovery key opens is missing or damaged.
    case recoveryRecordDamaged

    // Cases.

    /// No case of this name or pseudonym.
    case caseMissing(String)
    /// A case of this name exists.
    case caseExists(String)
    /// A case name is empty, too long, or has control characters.
    case invalidCaseName
    /// A case's records do not open or contradict their place.
    case caseRecordDamaged(pseudonym: String)
    /// The key that reads this case is not on this device.
    case noReadKey(String)
    /// A case was rotated as often as it can be.
    case tooManyKeys(limit: Int)

    // Colleagues.

    /// A share goes to one colleague at least, and to this many at most.
    case tooManyColleagues(limit: Int)
    /// What was given is not the recipient of a colleague's home.
    case notAColleague
    /// A share was sealed to other homes.
    case shareForOthers
    /// A share does not parse.
    case malformedShare
    /// Only who deposited an item can do this with it.
    case itemOfColleague(String)
    /// A shared directory has more files than the limit.
    case exchangeTooLarge(limit: Int)

    // What is deposited.

    /// Nothing to deposit.
    case nothingToDeposit
    /// Size or time of a file changed while it was read.
    case changedWhileRead(BytePath)
    /// A file was removed while it was read.
    case vanishedWhileRead(BytePath)
    /// What comes from standard input cannot have this name.
    case invalidStreamName(limit: Int)
    /// A path names a device, a pipe or a socket.
    case notAFile(BytePath)
    /// Two inputs would have the same name inside the item.
    case duplicateName(BytePath)
    /// Directories nest deeper than the limit.
    case tooDeep(BytePath, limit: Int)
    /// One item has more files than the limit.
    case tooManyFiles(limit: Int)
    /// The description of an item's files is longer than the limit, in bytes.
    case evidenceTooLong(limit: Int)
    /// A note is longer than the limit.
    case noteTooLong(limit: Int)

    // Items.

    /// No item of this name in the case.
    case itemMissing(String)
    /// Several items begin with these digits.
    case itemAmbiguous(String)
    /// The sealed object of an item is not in the store.
    case objectMissing(String)
    /// The sealed object does not open, or is not the object that was deposited.
    case objectDamaged(String)
    /// The item opens, but its content is not what its own evidence says.
    case contentMismatch(String)
    /// A file that was unpacked has another digest than its evidence says.
    case originalMismatch(BytePath)
    /// The item's archive breaks the rules of its format.
    case malformedItem(String)
    /// A file of this name is there already.
    case destinationExists(BytePath)

    // Log and receipts.

    /// The statement file of a log entry is missing or does not belong to it.
    case statementDamaged(index: UInt64)
    /// The log has as many entries as it may have, or more.
    case tooManyEntries(limit: UInt64)
    /// The log does not read, or contradicts itself.
    case logDamaged
    /// A file given as an anchor is neither a receipt nor a checkpoint.
    case malformedAnchor
    /// A kept checkpoint, or the answer of an authority, is missing or not what its name says.
    case checkpointDamaged(String)
    /// A court bag does not verify.
    case invalidBag(BagFlaw)
    /// A receipt does not parse.
    case malformedReceipt(line: Int)
    /// A receipt parses, and proves nothing.
    case invalidReceipt(ReceiptFlaw)
}

/// What is wrong with a receipt that reads well.
package enum ReceiptFlaw: Equatable, Sendable {
    /// The depositor's signature is not that of the key in the statement.
    case statementSignature
    /// The checkpoint is not signed by the log's key.
    case checkpointSignature
    /// The statement is not the entry that the proof is about, or the proof fails.
    case inclusion
    /// The receipt names another log than the one asked for.
    case otherLog
}
