// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Sodium
import Statements
import Testing

/// What only trustees can read, and words that are read aloud.
@Suite struct SwitchSecretsTests {
    private let digest = [UInt8](repeating: 0xcd, count: 32)
    private let trustee = TrusteeNumber(3)

    private func epoch(_ number: Int64 = 1) throws -> SwitchEpoch {
        SwitchEpoch(id: SwitchID(owner: try testKey(1).publicKey), number: number)
    }

    private func intent(_ epoch: SwitchEpoch, _ trustee: Int = 3) -> DayContents.Inner {
        .intent(
            ReleaseIntent(epoch: epoch, trustee: TrusteeNumber(trustee), releasingSince: 7)
        )
    }

    // MARK: Fields

    @Test func aFieldOfOneTypeIsNoneOfAnother() throws {
        let token = SecretBytes(copying: digest)
        let checkIn = CheckIn(epoch: try epoch(), checkpoint: "a\n", token: token)
        let revocation = Revocation(epoch: try epoch(), checkpoint: "a\n", token: token)
        #expect(checkIn.field != revocation.field)
        let (isCheckIn, isRevocation) = (
            checkIn.isMade(with: token), revocation.isMade(with: token)
        )
        #expect(isCheckIn && isRevocation)
        let isOthers = revocation.isMade(with: SecretBytes(count: 32))
        #expect(!isOthers)
    }

    // MARK: Words

    @Test func wordsComeBackHoweverTheyAreWritten() throws {
        for _ in 0..<200 {
            let words = OneTimeWords()
            #expect(OneTimeWords(words.text) == words)
            let loud = words.text.uppercased().replacing(" ", with: " - ")
            #expect(OneTimeWords(loud) == words)
            #expect(words.text.split(separator: " ").count == 9)
        }
    }

    @Test func wordsAreThoseOfTheSpecification() throws {
        // Computed by hand from the specification: zeros are the first letters, ones the last.
        let zeros = try #require(OneTimeWords(bytes: [UInt8](repeating: 0, count: 10)))
        let ones = try #require(OneTimeWords(bytes: [UInt8](repeating: 255, count: 10)))
        #expect(zeros.text.hasPrefix("baba baba baba baba baba baba baba baba "))
        #expect(ones.text.hasPrefix("toto toto toto toto toto toto toto toto "))
        #expect(OneTimeWords(bytes: [1]) == nil)
    }

    @Test func aWrongLetterIsNearlyAlwaysNoticed() throws {
        let text = Array(OneTimeWords().text)
        var missedCount = 0
        var triedCount = 0
        for place in text.indices where text[place] != " " {
            for letter in "abdefiklmort" where letter != text[place] {
                var other = text
                other[place] = letter
                triedCount += 1
                if OneTimeWords(String(other)) != nil { missedCount += 1 }
            }
        }
        #expect(missedCount * 50 < triedCount)
        #expect(OneTimeWords(String(text.dropLast(5))) == nil)
        #expect(OneTimeWords("") == nil)
    }

    @Test func aRowStandsInOrderAndInNoOther() throws {
        let (low, high) = (digest, digest.map { $0 ^ 0x10 })
        #expect(WordsRow(low, high) == WordsRow(high, low))
        let id = try epoch().id
        let words = OneTimeWords()
        #expect(words.commitment(of: id, cycle: 1) != words.commitment(of: id, cycle: 2))
        #expect(words.commitment(of: id, cycle: 1) != OneTimeWords().commitment(of: id, cycle: 1))
    }

    // MARK: Days

    @Test func everyDayIsAsLong() throws {
        let epoch = try epoch()
        let key = SecretBytes(random: 32)
        let attestation = Attestation(
            epoch: epoch,
            trustee: trustee,
            number: JSONValue.integerMax,
            verdict: .unknown,
            evidenceDigest: digest
        )
        let full = [DayContents.Inner](repeating: .attestation(attestation), count: 4)
        for contents in [DayContents(), try DayContents([intent(epoch)]), try DayContents(full)] {
            let day = SealedDay(
                epoch: epoch,
                trustee: trustee,
                day: 20_000,
                contents: contents,
                key: key
            )
            #expect(day.sealed.count == SealedDay.sealedCount)
            let (read, others) = (
                day.contents(key: key), day.contents(key: SecretBytes(random: 32))
            )
            #expect(read == contents)
            #expect(others == nil)
        }
        #expect(throws: StatementError.tooLong(limit: DayContents.byteCount)) {
            try DayContents(full + [intent(epoch)])
        }
    }

    @Test func aDayIsBoundToItsTrusteeDayAndEpoch() throws {
        let key = SecretBytes(random: 32)
        let day = SealedDay(
            epoch: try epoch(),
            trustee: trustee,
            day: 20_000,
            contents: DayContents(),
            key: key
        )
        let json = try #require(day.json.object)
        for (name, value) in [("day", 20_001), ("trustee", 4), ("epoch", 2)] {
            var moved = json
            moved[name] = .integer(Int64(value))
            moved["type"] = .string(SealedDay.type)
            moved["v"] = .integer(1)
            let other = try SealedDay(payload: JSONValue.object(moved).canonicalBytes)
            let read = other.contents(key: key)
            #expect(read == nil)
        }
    }

    @Test func aDayHoldsItsOwnTrusteesStatementsOnly() throws {
        let key = SecretBytes(random: 32)
        for inner in [intent(try epoch(), 4), intent(try epoch(2), 3)] {
            let day = SealedDay(
                epoch: try epoch(),
                trustee: trustee,
                day: 1,
                contents: try DayContents([inner]),
                key: key
            )
            let read = day.contents(key: key)
            #expect(read == nil)
        }
    }

    @Test func contentsOfADayAreReadStrictly() throws {
        let good = try DayContents([intent(epoch())]).bytes
        #expect(try DayContents(bytes: good).bytes == good)
        var long = good
        long[DayContents.byteCount - 1] = 1
        #expect(throws: StatementError.invalidValue(field: "")) { try DayContents(bytes: long) }
        #expect(throws: StatementError.tooLong(limit: 2048)) {
            try DayContents(bytes: good + [0])
        }
        #expect(throws: StatementError.unexpectedType) {
            try DayContents.Inner(
                payload: CheckIn(
                    epoch: epoch(),
                    checkpoint: "a\n",
                    token: SecretBytes(count: 32)
                ).payload
            )
        }
    }

    @Test func aBriefingSaysWhichWordsAreFree() throws {
        let contents = BriefingContents(
            epoch: try epoch(),
            clean: digest,
            dayKey: digest,
            order: 1 << 63 | 1
        )
        #expect(contents.cleanPlace(inRow: 0) == 1)
        #expect(contents.cleanPlace(inRow: 1) == 0)
        #expect(contents.cleanPlace(inRow: 63) == 1)
        let other = BriefingContents(epoch: try epoch(), clean: digest, dayKey: digest, order: 0)
        #expect(contents.payload.count == other.payload.count)
    }
}
