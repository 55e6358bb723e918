// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The lines of a file that holds the hashes of a proof, an empty line, and a signed note.
struct ProofLines {
    private var rest: ArraySlice<UInt8>
    /// The line read last, from 1.
    private var number = 0
    private let malformed: (Int) -> TransparencyLogError

    /// Starts before the first line.
    ///
    /// `malformed` makes the error of this kind of file from the number of a line.
    init(_ bytes: [UInt8], malformed: @escaping (Int) -> TransparencyLogError) {
        rest = bytes[...]
        self.malformed = malformed
    }

    /// What to throw if the line read last is not what it should be.
    var failure: TransparencyLogError { malformed(number) }

    /// Reads a line.
    mutating func next() throws(TransparencyLogError) -> ArraySlice<UInt8> {
        number += 1
        guard let end = rest.firstIndex(of: 0x0a) else { throw failure }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }

    /// Reads hashes, one a line, and the empty line behind them.
    mutating func hashes() throws(TransparencyLogError) -> [LogHash] {
        var hashes: [LogHash] = []
        var line = try next()
        while !line.isEmpty {
            guard hashes.count < MerkleTree.proofCountMax, let hash = try? LogHash(base64: line)
            else {
                // Only the place is worth knowing.
                throw failure
            }
            hashes.append(hash)
            line = try next()
        }
        return hashes
    }

    /// Reads the note, which is all that is left; its lines are counted from the file's first.
    func note() throws(TransparencyLogError) -> SignedNote {
        do {
            return try SignedNote(parsing: Array(rest))
        } catch .malformedNote(let line) {
            throw .malformedNote(line: number + line)
        }
    }
}
