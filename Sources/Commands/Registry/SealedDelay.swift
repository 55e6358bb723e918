// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encodings
import Glibc

/// Whether sealed statements are handed in at once.
struct SealedDelayOptions: ParsableArguments {
    @Flag(
        name: .customLong("no-delay"),
        help: Text(
            en: "Hand in at once; who watches the line then knows when you signed.",
            es: "Entregar de inmediato; quien vigile la línea sabrá cuándo firmó."
        ).help
    )
    var isOff = false
}

/// The random time between a sealed signature and its submission.
///
/// A ring hides who signs; the moment at which something leaves a machine may tell. It is waited
/// for in memory: a statement on the disk of its maker would tell more than the moment does.
///
/// Spec: `docs/spec/registry.md`, section 3.17.
struct SealedDelay {
    /// The longest one.
    static let secondsMax: Int64 = 3600

    /// This one.
    let seconds: Int64

    /// A delay of any length up to ``secondsMax``, each as likely.
    init() { seconds = Int64.random(in: 0...Self.secondsMax) }

    /// What a person is told, and when it ends.
    func text(now: Int64) -> Text {
        let end = Timestamp(seconds: now + seconds).rfc3339
        return Text(
            en: """
                handed in at \(end), after a random delay: until then nothing leaves this \
                machine, and Ctrl-C gives it up
                """,
            es: """
                se entrega a las \(end), tras una espera al azar: hasta entonces nada sale de \
                este equipo, y Ctrl-C lo cancela
                """
        )
    }

    /// Waits, unless a person wants no delay, or the clock is a moved one.
    static func wait(_ options: SealedDelayOptions, _ context: Context) {
        guard !options.isOff else { return }
        let delay = SealedDelay()
        context.console.note(delay.text(now: context.now))
        guard context.asOf == nil else { return }
        let end = context.now + delay.seconds
        // In pieces: a machine that slept catches up.
        while context.now < end { sleep(UInt32(min(end - context.now, 10))) }
    }
}
