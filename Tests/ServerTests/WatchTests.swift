// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A trustee's program over real nodes: what it carries from one to the other, and what alarms it.
@Suite(.serialized) struct WatchTests {
    @Test func theProgramEvensLogsOutAndRaisesAlarms() throws {
        guard SwitchStage.isPossible() else { return }
        let stage = try SwitchStage()
        try stage.arm()
        let watch = ["trustee", "watch", "--json"]
        let first = try stage.must(watch, "t0")
        #expect(first.contains(#""done":["drill","day"]"#), "\(first)")
        #expect(first.contains(#""alarms":[]"#))
        #expect(try stage.must(watch, "t0").contains(#""done":[]"#))

        // One node misses a word; the program of somebody who does nothing brings it there.
        try stage.stopNode("b")
        try stage.must(["trustee", "attest", stage.id, "--alive"], "t1")
        let alone = try stage.run(watch, "t0")
        #expect(alone.output.contains(#""alarms":[]"#), "\(alone.output) \(alone.errors)")
        try stage.startNode("b")
        try stage.must(watch, "t0")
        try stage.stopNode("a")
        let all = ["switch", "export", stage.id, "--invitation", "invitation", "--output", "all"]
        try stage.must(all, "stranger")
        try expectSecondReaderAgrees(stage, "all")
        let size = try Data(contentsOf: stage.folder.url.appending(path: "all")).count
        try stage.startNode("a")
        try stage.stopNode("b")
        let other = ["switch", "export", stage.id, "--invitation", "invitation", "--output", "one"]
        try stage.must(other, "passerby")
        let same = try Data(contentsOf: stage.folder.url.appending(path: "one")).count
        #expect(abs(size - same) < size / 10, "\(size) and \(same) bytes")

        // A node that shows nothing for hours while the other goes on.
        try stage.moveClocks("+3h")
        let silent = try stage.run(watch, "t0")
        #expect(silent.code == 3 && silent.output.contains(#""alarms":["silence"]"#))
        #expect(silent.errors.contains("watch switch=1 event=alarm-silence"), "\(silent.errors)")
        try stage.startNode("b")

        // A node that hides what it gave a proof for.
        try stage.stopNode("a")
        let folder = stage.folder.path("a/node-switch/switches")
        let manager = FileManager.default
        let texts = try manager.subpathsOfDirectory(atPath: folder)
            .filter { $0.contains("/texts/") && $0.split(separator: "/").count == 4 }.sorted()
        try manager.removeItem(atPath: "\(folder)/\(try #require(texts.last))")
        try stage.startNode("a")
        let alarm = try stage.run(watch, "t0")
        #expect(alarm.code == 3 && alarm.output.contains(#""log""#), "\(alarm.output)")
        for name in stage.nodes { try stage.stopNode(name) }
    }

    /// What was exported is read by a program that shares no code with ours.
    private func expectSecondReaderAgrees(_ stage: SwitchStage, _ file: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let script = root.appending(path: "scripts/verify/switch_state.py").path
        let now = Int64(Date().timeIntervalSince1970)
        let command = [
            "\"$0\" -B \"$1\" \(file) \(now) --invitation invitation > seen",
            TestPython.executable.path, script,
        ]
        let run = try RequiredCommand(["bash", "-c"] + command, in: stage.folder.url)
        #expect(run.code == 0)
        let seen = try String(
            contentsOf: stage.folder.url.appending(path: "seen"),
            encoding: .utf8
        )
        #expect(seen.hasPrefix("\(stage.id) armed ") && seen.hasSuffix(" -\n"), "\(seen)")
    }
}
