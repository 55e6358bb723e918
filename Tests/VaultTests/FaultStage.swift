// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Storage
import StorageFaults
import Testing
import Vault

/// Runs one command of the vault on a disk that goes wrong, and looks at what is left.
final class FaultStage {
    private static let work = Keyring.Work(memoryKiB: 64, passes: 1)
    private static let caseName = "c"

    /// A deposit that was reported, and what it was made of.
    private struct Reported {
        let deposit: Deposit
        let contents: [[UInt8]: [UInt8]]
    }

    private let directory: BytePath
    private let template: BytePath
    private let stage: BytePath
    private var files: FaultyFileSystem
    private var disk: VolatileDirectory
    /// What was reported before the step, and by it.
    private var before: [Reported] = []
    private var reported: [Reported] = []
    /// Whether the step told that it was done.
    private(set) var isReported = false
    private var isPowerCut = false

    private var home: BytePath { stage.appending("home") }
    private var layout: HomeLayout { HomeLayout(home, files: LocalFileSystem()) }

    init() throws {
        // In memory where that is possible: a real disk takes its time for each sync.
        let memory = "/dev/shm"
        let base =
            FileManager.default.isWritableFile(atPath: memory)
            ? memory : FileManager.default.temporaryDirectory.path
        directory = BytePath(base).appending("resguardo-faults-\(UUID().uuidString)")
        template = directory.appending("template")
        stage = directory.appending("stage")
        try Directory.make(template)
        try Directory.make(stage)
        disk = try VolatileDirectory(stage)
        files = FaultyFileSystem(disk)
    }

    deinit {
        // What a test leaves is the system's business.
        try? FileManager.default.removeItem(atPath: directory.text)
    }

    private static func passphrase(_ text: String = "old") -> SecretBytes {
        SecretBytes(copying: Array(text.utf8))
    }

    // MARK: Running

    /// Makes the home that the step starts from.
    func prepare(_ step: Promise1Tests.Step) throws {
        for (name, count) in [("one", 3000), ("two", 0), ("three", 70_000)] {
            let path = stage.appending("in").appending(name)
            try Directory.make(path.parent)
            try Directory.replace(path, with: pattern(count, seed: UInt64(count)))
        }
        if step != .initialize {
            try perform(.initialize)
            if step != .createCase { try perform(.createCase) }
            if step != .createCase { before = [try deposit(["one"])] }
        }
        try FileManager.default.removeItem(atPath: template.text)
        try FileManager.default.copyItem(atPath: stage.text, toPath: template.text)
    }

    /// Changing operations of the step.
    func count(_ step: Promise1Tests.Step) throws -> Int {
        try run(step, .max, .failed)
        #expect(isReported)
        return files.operationCount
    }

    /// Runs the step from its beginning, with one fault.
    func run(_ step: Promise1Tests.Step, _ index: Int, _ fault: Fault) throws {
        try FileManager.default.removeItem(atPath: stage.text)
        try FileManager.default.copyItem(atPath: template.text, toPath: stage.text)
        disk = try VolatileDirectory(stage)
        files = FaultyFileSystem(disk, index: index, fault: fault)
        reported = before
        isReported = false
        isPowerCut = false
        do {
            try perform(step)
            isReported = true
        } catch {
            // What was reported until here is what counts.
        }
    }

    func cutPower(_ survival: VolatileDirectory.Survival) throws {
        try disk.crash(survival)
        isPowerCut = true
    }

    private func perform(_ step: Promise1Tests.Step) throws {
        switch step {
        case .initialize:
            _ = try Home.create(
                at: home,
                passphrase: Self.passphrase(),
                work: Self.work,
                files: files
            ).home
        case .createCase: _ = try open(files).createCase(named: Self.caseName, now: 1)
        case .deposit: reported.append(try deposit(["two"]))
        case .depositMany: reported.append(try deposit(["one", "two", "three"]))
        case .changePassphrase:
            try Home.changePassphrase(
                at: home,
                from: Self.passphrase(),
                to: Self.passphrase("new"),
                least: Self.work,
                files: files
            )
        case .get: try get(before[0], into: "out", files)
        }
    }

    private func open(_ files: any FileSystem, _ passphrase: String = "old") throws -> Home {
        try Home.open(
            at: home,
            passphrase: Self.passphrase(passphrase),
            least: Self.work,
            files: files
        )
    }

    private func deposit(_ names: [String]) throws -> Reported {
        try deposit(names, in: open(files))
    }

    private func deposit(_ names: [String], in home: Home) throws -> Reported {
        let paths = names.map { stage.appending("in").appending($0) }
        var contents: [[UInt8]: [UInt8]] = [:]
        for path in paths {
            contents[path.lastComponent] = try Directory.contents(of: path, countMax: 1 << 20)
        }
        let deposit = try home.deposit(
            Original.find(paths, home: home.layout.home),
            in: home.findCase(Self.caseName),
            now: 1_795_000_000
        )
        _ = try home.keepReceipt(of: deposit)
        return Reported(deposit: deposit, contents: contents)
    }

    private func get(
        _ item: Reported,
        into name: String,
        _ files: any FileSystem,
        passphrase: String = "old"
    ) throws {
        let home = try open(files, passphrase)
        let source = try home.findCase(Self.caseName)
        let output = stage.appending(name)
        _ = try home.get(
            home.findItem(item.deposit.item, in: source),
            from: source,
            into: output,
            files: files
        )
        for (name, bytes) in item.contents {
            let path = output.appending(name)
            #expect(try Directory.contents(of: path, countMax: 1 << 20) == bytes)
        }
    }

    // MARK: Looking

    /// Looks at the store as the next run of the program does.
    func check(_ step: Promise1Tests.Step, _ place: Comment) throws {
        if step == .initialize, try !startsAgain(place) { return }
        let passphrase = try passphrase(after: step, place)
        let store = try VaultStore(layout: layout)
        let report = try store.audit(
            isFull: true,
            anchors: reported.map { .receipt($0.deposit.receipt) }
        )
        #expect(report.problems == [], place)
        let isDeposit = step == .deposit || step == .depositMany
        let most = before.count + (isDeposit ? 1 : 0)
        #expect((reported.count...most).contains(Int(report.entryCount)), place)
        if step == .get { try checkOutput(place) }
        // Life goes on, over whatever the interrupted run left behind.
        let home = try open(LocalFileSystem(), passphrase)
        if step == .initialize || step == .createCase, try home.cases().isEmpty {
            #expect(step == .initialize || !isReported, place)
            _ = try home.createCase(named: Self.caseName, now: 2)
        }
        let next = try deposit(["three"], in: home)
        for item in reported + [next] {
            _ = try item.deposit.receipt.verify(log: store.logKey)
            try get(
                item,
                into: "check-\(item.deposit.index)",
                LocalFileSystem(),
                passphrase: passphrase
            )
        }
        let after = try store.audit(isFull: true, anchors: [.receipt(next.deposit.receipt)])
        #expect(after.problems == [], place)
        #expect(after.interruptedCount == 0, place)
        #expect(try layout.objects.list().names.count == Int(after.entryCount), place)
        #expect(try Directory.names(in: layout.objects.incoming).isEmpty, place)
    }

    /// Repeats an `init` that was interrupted.
    ///
    /// - Returns: Whether there is a home to look at.
    private func startsAgain(_ place: Comment) throws -> Bool {
        do {
            try Home.requireNone(at: home)
        } catch VaultError.homeExists {
            return true
        }
        #expect(!isReported, place)
        _ = try Home.create(at: home, passphrase: Self.passphrase(), work: Self.work).home
        return true
    }

    /// The passphrase that opens the home: after a change that failed it may be either.
    private func passphrase(after step: Promise1Tests.Step, _ place: Comment) throws -> String {
        guard step == .changePassphrase else { return "old" }
        do {
            _ = try open(LocalFileSystem(), "new")
            return "new"
        } catch VaultError.wrongPassphrase {
            #expect(!isReported, place)
            return "old"
        }
    }

    /// Files that were unpacked are whole, each of them.
    private func checkOutput(_ place: Comment) throws {
        let output = stage.appending("out")
        guard FileStatus.exists(output) else { return }
        // Unpacked files are the person's own, and not synced: a power cut may take them.
        guard !isPowerCut else { return }
        for name in try Directory.names(in: output) where name.first != UInt8(ascii: ".") {
            let bytes = try Directory.contents(of: output.appending(name), countMax: 1 << 20)
            #expect(bytes == before[0].contents[name], place)
        }
    }

    /// Either everything that was receipted is there, or `verify` says that it is not.
    func checkHonesty(_ place: Comment) throws {
        do {
            let store = try VaultStore(layout: layout)
            let report = try store.audit(
                isFull: true,
                anchors: reported.map { .receipt($0.deposit.receipt) }
            )
            guard report.problems.isEmpty else { return }
        } catch is VaultError {
            return
        }
        for item in reported {
            try get(item, into: "check-\(item.deposit.index)", LocalFileSystem())
        }
    }
}
