// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Outside
internal import Storage

/// Turns a report into PDF with `weasyprint`, where it is installed.
enum BagPDF {
    /// The longest PDF that is taken.
    private static let byteCountMax = 64 << 20
    /// How long it may take, in seconds.
    private static let secondsMax = 120

    /// Makes the PDF inside the directory that the bag is being made in.
    ///
    /// - Returns: Nil where `weasyprint` is missing or fails: the HTML says the same.
    /// - Throws: ``FileFailure``.
    static func make(_ html: [UInt8], in directory: BytePath) throws -> [UInt8]? {
        let environment = ProcessInfo.processInfo.environment
        guard let program = ChildProcess.find("weasyprint", in: environment["PATH"] ?? "") else {
            return nil
        }
        let folder = directory.appending("printing")
        let files = LocalFileSystem()
        try files.makeUnsynced(folder)
        let (source, result) = (folder.appending("report.html"), folder.appending("report.pdf"))
        defer {
            // What stays behind would make the bag's verification fail, and so be noticed.
            for path in [source, result] { try? files.remove(path) }
            try? files.removeDirectory(folder)
        }
        try files.replace(source, with: html)
        let place = String(decoding: folder.bytes, as: UTF8.self)
        let run = try? ChildProcess.run(
            program,
            ["--quiet", "report.html", "report.pdf"],
            in: place,
            environment: environment,
            secondsMax: secondsMax
        )
        guard run?.status == 0 else { return nil }
        return try Directory.contentsIfPresent(of: result, countMax: byteCountMax)
    }
}
