// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Statements
import Storage
import Switch

/// What a trustee's program asks its person, on this machine only.
///
/// Spec: `docs/spec/switch.md`, section 15.
enum TrusteeQuestion {
    /// The question in a line.
    static func line(_ question: TrusteeDuty.Question, _ id: SwitchID) -> Text {
        let short = SwitchName.short(id)
        return switch question {
        case .owner:
            Text(
                en: "\(short): what has become of the owner? Find out, then: resguardo trustee"
                    + " attest \(short) --alive | --taken | --dead | --unknown",
                es: "\(short): ¿qué fue de la persona dueña? Averígüelo, y luego: resguardo"
                    + " trustee attest \(short) --alive | --taken | --dead | --unknown"
            )
        case .duress:
            Text(
                en: "\(short): the owner checks in by force. Tell nobody by phone or in writing."
                    + " Once you have met them free: resguardo trustee clear-duress \(short)",
                es: "\(short): la persona dueña se reporta a la fuerza. No lo diga por teléfono ni"
                    + " por escrito. Cuando la haya visto libre: resguardo trustee clear-duress"
                    + " \(short)"
            )
        case .release:
            Text(
                en: "\(short): a release has begun, and you have said nothing in this cycle."
                    + " Nothing is published for you until you do: resguardo trustee attest"
                    + " \(short)",
                es: "\(short): empezó una liberación, y usted no ha dicho nada en este ciclo. Nada"
                    + " se publica por usted hasta que lo haga: resguardo trustee attest \(short)"
            )
        }
    }

    /// Puts the open questions of a switch into a file, in both languages; none is no file.
    static func write(
        _ questions: [TrusteeDuty.Question],
        of id: SwitchID,
        home: String
    ) throws {
        let files = LocalFileSystem(isDiscreet: true)
        let directory = BytePath(home).appending("questions")
        let path = directory.appending("\(SwitchName.short(id)).txt")
        guard !questions.isEmpty else {
            if FileStatus.exists(path) { try files.remove(path) }
            return
        }
        let texts = questions.map { line($0, id) }
        let text = texts.map { $0.es + "\n" }.joined() + "\n" + texts.map { $0.en + "\n" }.joined()
        try files.make(directory)
        try files.replace(path, with: Array(text.utf8))
    }
}
