// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import FeedKernels
import Foundation
import Testing

/// Posts that say nearly the same; `scripts/verify/texts.py` compares each with each.
@Suite struct TextClusterTests {
    private static let reader = FeedFixture.root.appending(path: "scripts/verify/texts.py")

    /// For each post that shares a text: itself, and the post after which the text is called.
    private func clusters(_ texts: [String]) throws -> [String] {
        try FeedFixture.withDataset { path in
            let dataset = try Dataset(path: path, isCreated: true)
            try FeedFixture.add(Array(Self.table(texts).utf8), to: dataset)
            let shares = try dataset.shares(of: .text)
            return (0..<shares.count).map { place in
                let name = shares.objects.text(shares.object[place])
                return "\(shares.contents.text(shares.content[place])),"
                    + name.replacing("text:\(FeedFixture.platform)/", with: "")
            }
        }
    }

    private static func table(_ texts: [String]) -> String {
        let rows = texts.enumerated().map { place, text in
            "p\(place),a\(place),\(1_700_000_000 + place),\"\(text.replacing("\"", with: "\"\""))\""
        }
        return (["post_id,account_id,time,text"] + rows).joined(separator: "\n") + "\n"
    }

    private func reference(_ texts: [String]) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        // What cannot be removed is left in a temporary place.
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(Self.table(texts).utf8).write(to: file)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-B", Self.reader.path, file.path]
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.hasSuffix(",") }
    }

    @Test(arguments: [
        (
            "¡Vamos todos a la plaza mañana a las 5! https://a.example/1",
            "vamos TOdOS a la plaza manana a las 5 @ana https://b.example/2"
        ),
        (
            "IŞIK ve İstanbul için yarın sabah meydanda buluşuyoruz",
            "ışık ve istanbul icin yarin sabah meydanda buluşuyoruz"
        ),
        ("Não vai ter golpe, o povo está na rua", "RT Nao vai ter golpe: o povo esta na ruaaaaa"),
        ("We are recruiting 𝗻𝗼𝘄 in your town", "we ARE recruiting now, in your town!!!"),
        ("🔥🔥🔥 la plaza 🇲🇽 es del 4 🐓", "🔥 la plaza 🇲🇽 es del 4 🐓🐓 👉"),
        ("👍🏽 💊 😈 ⛏️ 🐓 🔥", "👍 💊 😈 ⛏ 🐓🐓 🔥"),
        ("mañana todos a votar por la paz", "mañ\u{ad}ana todos a vo\u{200b}tar por la paz"),
    ])
    func oneMessageInTwoSpellingsIsOneText(left: String, right: String) throws {
        #expect(try clusters([left, right]) == ["p0,p0", "p1,p0"])
        #expect(try reference([left, right]) == ["p0,p0", "p1,p0"])
    }

    @Test func differentMessagesStayApart() throws {
        let texts = [
            "Mañana no hay clases en la escuela del centro",
            "Mañana hay marcha por la paz en el centro",
            "Murieron 100 personas en la carretera al norte",
            "Murieron 1000 niños en la carretera del sur",
        ]
        #expect(try clusters(texts) == ["p0,p0", "p1,p1", "p2,p2", "p3,p3"])
    }

    /// What everybody says is no message: fewer than five different words or pictograms.
    @Test func shortTextsAreNoShares() throws {
        let texts = ["gracias", "🔥🔥🔥🔥🔥🔥🔥", "jajaja no no no no no", "", "a b c d", "a b c d e"]
        #expect(try clusters(texts + texts) == ["p5,p5", "p11,p5"])
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func agreesWithEachComparedWithEach(seed: UInt64) throws {
        var generator = TestGenerator(state: seed)
        let words = [
            "el", "la", "pueblo", "İzmir", "ışık", "está", "não", "🔥", "🇲🇽", "1000", "gooool",
            "@ana", "https://x.example", "(sí)", "ﬁn", "½", "日本語", "ﷺ", "a\u{301}b", "👩🏽‍🚀",
            "www.x.example", "RT", "ß", "Σίσυφος", "-", "x_y", "☕️", "٣٣٣", "한국",
        ]
        var texts: [String] = []
        for _ in 0..<150 {
            var parts: [String]
            if let old = texts.randomElement(using: &generator), Bool.random(using: &generator) {
                parts = old.split(separator: " ").map(String.init)
                for _ in 0..<Int.random(in: 0...3, using: &generator) where !parts.isEmpty {
                    let place = Int.random(in: 0..<parts.count, using: &generator)
                    parts[place] = words.randomElement(using: &generator) ?? ""
                }
            } else {
                let count = Int.random(in: 1...14, using: &generator)
                parts = (0..<count).map { _ in words.randomElement(using: &generator) ?? "" }
            }
            texts.append(parts.joined(separator: " "))
        }
        let expected = try reference(texts)
        #expect(expected.contains { !$0.hasSuffix("p0") })
        #expect(try clusters(texts) == expected, "seed \(seed)")
    }

    /// Many variants of one message, none equal, beside one that only begins like it.
    @Test func aTemplateIsOneTextAndItsNeighbourAnother() throws {
        var texts = (0..<3000).map { "hoy todos juntos a la plaza con la presidenta número \($0)" }
        texts.append("hoy todos juntos a dormir temprano porque mañana trabajamos desde las seis")
        let found = try clusters(texts)
        #expect(found.prefix(3000).allSatisfy { $0.hasSuffix(",p0") })
        #expect(found.last == "p3000,p3000")
    }

    @Test func tooMuchWorkIsRefused() throws {
        var sets = SimilarSets(comparisonCountMax: 1000)
        // Each has one of its two pairs in common with nineteen others.
        for number in UInt32(0)..<8000 {
            let (first, second, third) = (number / 400, number / 20 % 20, number % 20)
            sets.append(pairsOf: [first, 100 + second, 200 + third])
        }
        #expect(throws: FeedKernelError.tooManyPairs(limit: 1000)) { try sets.clusters() }
    }
}

struct TestGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
