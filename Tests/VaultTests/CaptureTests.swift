// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Storage
import Testing
import Vault

@Suite struct CaptureTests {
    /// A JPEG of one pixel.
    private static let pixel =
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP////////////////////////////////////////////////////////"
        + "//////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/a"
        + "AAgBAQABPxA="

    private static let exiftool = ["/usr/bin/exiftool", "/usr/local/bin/exiftool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static var isInstalled: Bool {
        if exiftool != nil { return true }
        print("skipped: there is no exiftool")
        #expect(ProcessInfo.processInfo.environment["CI"] == nil)
        return false
    }

    /// Runs the program with standard input from a file.
    private static func run(
        _ arguments: [String],
        _ input: [UInt8],
        in directory: BytePath
    ) throws
        -> CaptureReader.Run
    {
        let list = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: list) }  // temporary anyway
        try Data(input).write(to: list)
        let process = Process()
        process.executableURL = URL(filePath: exiftool ?? "")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: directory.text)
        process.standardInput = try FileHandle(forReadingFrom: list)
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return CaptureReader.Run(output: Array(output))
    }

    private func photograph(_ temporary: TemporaryHome, _ name: String) throws -> BytePath {
        let path = try temporary.write(name, Base64.decode(Array(Self.pixel.utf8)))
        _ = try Self.run(
            [
                "-q", "-overwrite_original", "-EXIF:DateTimeOriginal=2026:11:20 10:00:00",
                "-EXIF:OffsetTimeOriginal=-06:00", "-EXIF:SubSecTimeOriginal=12", "-Make=Acme",
                "-GPSLatitude=19.432608", "-GPSLatitudeRef=N", "-GPSLongitude=99.133209",
                "-GPSLongitudeRef=W", "-XMP:City=Iguala", path.text,
            ],
            [],
            in: temporary.directory
        )
        return path
    }

    private func originals(_ paths: [BytePath], _ temporary: TemporaryHome) throws -> [Original] {
        try Original.find(paths, home: temporary.home.layout.home)
    }

    @Test func keepsWhatTheCameraWroteInsideTheItemAlone() throws {
        guard Self.isInstalled else { return }
        let temporary = try TemporaryHome()
        let item = try temporary.home.createCase(named: "c", now: 1)
        let path = try photograph(temporary, "in/a.JPG")
        let found = try originals([path], temporary)
        let findings = try CaptureReader.read(found, version: "exiftool") { arguments, input in
            try Self.run(arguments, input, in: temporary.directory)
        }
        let deposit = try temporary.home.deposit(
            found,
            in: item,
            capture: findings.metadata,
            now: TemporaryHome.now
        )
        let capture = try #require(deposit.evidence.entries[0].capture)
        #expect(capture.picked[.time] == "2026:11:20 10:00:00.12-06:00")
        #expect(capture.picked[.position] == "+19.432608, -99.133209")
        #expect(capture.picked[.make] == "Acme")
        #expect(capture.picked[.dimensions] == "1x1")
        #expect(capture.tags["EXIF:Make"] == "Acme")
        #expect(!capture.tags.contains { $0.key.contains("GPS") || $0.key.contains("City") })
        #expect(!capture.tags.values.contains { $0.contains("Iguala") || $0.contains("19.43") })
        // It comes back, and one member is shown while another is withheld.
        let listing = try temporary.home.findItem(deposit.item, in: item)
        let evidence = try temporary.home.evidence(of: listing, in: item)
        #expect(evidence == deposit.evidence)
        let choice = try DisclosureChoice(fields: ["files/0/captureTime"], files: [], of: evidence)
        let disclosure = try Disclosure(of: evidence, showing: choice)
        #expect(disclosure.leaves[1].withheld["capturePosition"] != nil)
        #expect(!String(decoding: disclosure.bytes, as: UTF8.self).contains("19.43"))
        #expect(String(decoding: disclosure.bytes, as: UTF8.self).contains("10:00:00"))
    }

    @Test func namesThatLookLikeOptionsOrCommandsAreNamesOnly() throws {
        guard Self.isInstalled else { return }
        let temporary = try TemporaryHome()
        let good = try temporary.contents(photograph(temporary, "good.jpg"))
        let names = [
            "-x.jpg", "-execute.jpg", "-stay_open.jpg", "-config.jpg", "-o pwned.jpg", "@args.jpg",
            "touch pwned |.jpg", "|touch pwned;.jpg", "$(touch pwned).jpg", "`touch pwned`.jpg",
            ">pwned.jpg", "&pwned.jpg", " lead.jpg", "#c.jpg", "#[CSTR]x.jpg", "~.jpg", "%d.jpg",
            "-overwrite_original -Make=pwned.jpg", "{}.jpg", "*.jpg", "a,b.jpg", "ñandú.jpg",
        ]
        for name in names { try temporary.write("in/" + name, good) }
        let odd: [UInt8] = Array("in/".utf8) + [0xff, 0xfe] + Array(".jpg".utf8)
        try temporary.write(odd, good)
        try temporary.write("in/two\n-execute\n.jpg", good)
        let inside = temporary.directory.appending("in")
        let before = try Directory.names(in: inside)
        // As a person names them who stands in the directory, and from elsewhere.
        let absolute = try originals([inside], temporary)
        let relative = absolute.map {
            Original(
                path: BytePath($0.path.lastComponent),
                name: $0.name,
                kind: $0.kind,
                status: $0.status,
                target: $0.target
            )
        }
        for found in [absolute, relative] {
            let findings = try CaptureReader.read(found, version: "exiftool") { arguments, input in
                try Self.run(arguments, input, in: inside)
            }
            #expect(findings.metadata.count == names.count + 1)
            #expect(findings.unread.map(\.lastComponent) == [Array("two\n-execute\n.jpg".utf8)])
            for capture in findings.metadata.values { #expect(capture.picked[.make] == "Acme") }
        }
        #expect(try Directory.names(in: inside) == before)
        #expect(!FileStatus.exists(temporary.directory.appending("pwned")))
        for name in names { #expect(try temporary.contents(inside.appending(name)) == good) }
    }

    @Test func relativeNamesBeginWithADot() {
        for name in ["-x.jpg", "@a.jpg", "#c.jpg", " d.jpg", "e.jpg"] {
            let line = CaptureReader.line(for: BytePath(name))
            #expect(line == Array(("./" + name).utf8))
        }
        #expect(CaptureReader.line(for: BytePath("/a/-x.jpg")) == Array("/a/-x.jpg".utf8))
        for name in ["a\nb.jpg", "a\rb.jpg", "\u{1b}.jpg", "a\u{7f}.jpg"] {
            #expect(CaptureReader.line(for: BytePath(name)) == nil)
        }
    }

    @Test func thousandsOfTextsStartNoProgram() throws {
        let temporary = try TemporaryHome()
        for number in 0..<300 { try temporary.write("in/\(number).txt", [1]) }
        try temporary.write("in/empty.jpg", [])
        let found = try originals([temporary.directory.appending("in")], temporary)
        var runCount = 0
        let findings = try CaptureReader.read(found, version: "exiftool") { _, _ in
            runCount += 1
            return CaptureReader.Run(output: [])
        }
        #expect(runCount == 0)
        #expect(findings.metadata.isEmpty && findings.unread.isEmpty)
    }

    @Test func oneHostileFileDoesNotKeepTheOthersFromBeingRead() throws {
        let temporary = try TemporaryHome()
        for number in 0..<450 { try temporary.write("in/\(1000 + number).jpg", [1]) }
        let found = try originals([temporary.directory.appending("in")], temporary)
        var runCount = 0
        // The program dies at the 30th and at the 260th file.
        let findings = try CaptureReader.read(found, version: "t") { _, input in
            runCount += 1
            var output = ""
            for line in String(decoding: input, as: UTF8.self).split(separator: "\n")
            where line.hasPrefix("@") {
                output += line + "\n"
                if line == "@30" || line == "@260" {
                    output += "[{ \"SourceFile\": \"cut"
                    break
                }
                output += "[{\n  \"EXIF:Make\": \"m\",\n  \"EXIF:ISO\": 1.5\n}]\n"
            }
            return CaptureReader.Run(output: Array(output.utf8))
        }
        #expect(findings.metadata.count == 448)
        #expect(
            findings.unread.map { $0.lastComponent }
                == [found[30], found[260]].map(\.name).map {
                    Array($0.dropFirst(3))
                }
        )
        #expect(findings.metadata[1]?.tags["EXIF:ISO"] == "1.5")
        #expect(runCount == 4)
    }

    @Test func aProgramThatAnswersNothingIsGivenUp() throws {
        let temporary = try TemporaryHome()
        for number in 0..<50 { try temporary.write("in/\(number).png", [1]) }
        let found = try originals([temporary.directory.appending("in")], temporary)
        for answer in [
            "", "@1\n[{}]\n@x\n[{\"A:B\":1}]", "\u{0}@", "@5\n[1,2]\n@99999\n[{\"A:B\":1}]",
        ] {
            var runCount = 0
            let findings = try CaptureReader.read(found, version: "t") { _, _ in
                runCount += 1
                return CaptureReader.Run(output: Array(answer.utf8))
            }
            #expect(runCount <= 9)
            #expect(findings.unread.count + findings.metadata.count == 50)
        }
    }

    @Test func whatItSaysIsBounded() throws {
        let long = String(repeating: "ñ", count: 5000)
        let tags = (0..<2000).map { ("A:\($0)", long) }
        let capture = CaptureMetadata(
            tool: long,
            picked: [.make: long],
            tags: Dictionary(uniqueKeysWithValues: tags)
        )
        #expect(capture.tags.count == CaptureMetadata.tagCountMax)
        #expect(capture.picked[.make] == String(repeating: "ñ", count: 128))
        #expect(capture.tags.values.allSatisfy { $0.utf8.count <= CaptureMetadata.textCountMax })
        let entry = EvidenceEntry(
            kind: .file,
            name: Array("a.jpg".utf8),
            sizeBytes: 1,
            sha256: pattern(32),
            capture: capture
        )
        let evidence = Evidence(
            capturedAt: nil,
            note: nil,
            deviceClock: 1,
            custody: [],
            entries: [entry]
        )
        let again = try Evidence(canonical: evidence.bytes)
        #expect(again.bytes == evidence.bytes)
        #expect(again.commitment == evidence.commitment)
    }
}
