// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Outside
import Sodium

/// QR codes, drawn by `qrencode`.
///
/// What they hold goes through a pipe: neither a file nor an argument shows it.
enum QRCode {
    /// How it is drawn.
    enum Form: String {
        case terminal = "UTF8"
        case png = "PNG"
        case svg = "SVG"
    }

    private static let secondsMax = 20

    /// Draws a text.
    ///
    /// - Returns: Nil where `qrencode` is missing or fails.
    static func draw(_ text: borrowing SecretBytes, as form: Form) -> [UInt8]? {
        let path = Environment.programPath
        guard let program = ChildProcess.find("qrencode", in: path) else { return nil }
        var input = text.reveal()
        defer { wipe(&input) }
        let run = try? ChildProcess.run(
            program,
            ["--type", form.rawValue, "--level", "M", "--output", "-"],
            in: "/",
            environment: ["PATH": path],
            input: input,
            keepsErrors: false,
            secondsMax: secondsMax
        )
        guard let run, run.status == 0, !run.output.isEmpty else { return nil }
        return run.output
    }

    /// Draws a text into files.
    ///
    /// They are readable by their owner only. Throws `.failed` where `qrencode` does not draw, and
    /// as ``OutputFile``.
    static func write(
        _ text: borrowing SecretBytes,
        png: String?,
        svg: String?,
        force: Bool
    ) throws {
        for (path, form) in [(png, Form.png), (svg, Form.svg)] {
            guard let path else { continue }
            guard let bytes = draw(text, as: form) else { throw missing }
            try OutputFile.write(bytes, to: path, force: force)
        }
    }

    static let missing = Failure(
        .failed,
        Text(en: "qrencode drew nothing", es: "qrencode no dibujó nada"),
        hint: Text(en: "is qrencode installed?", es: "¿está instalado qrencode?")
    )
}
