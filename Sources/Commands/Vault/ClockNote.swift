// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Vault

extension Context {
    /// Tells, in one line, that the clock of this device is probably wrong.
    ///
    /// Nothing depends on it: the log keeps the order of deposits all the same.
    func tellClockDoubt(of store: VaultStore) {
        // A store that cannot be read says so when it is written to.
        guard let doubt = try? store.clockDoubt(now: now) else { return }
        let date = Timestamp(seconds: now).minutes
        switch doubt {
        case .behind(let last):
            console.note(
                Text(
                    en: "this device's clock says \(date), before the last deposit (\(last)): it is"
                        + " probably wrong; the order in the log does not depend on it",
                    es: "el reloj de este dispositivo dice \(date), antes del último depósito"
                        + " (\(last)): quizá esté mal; el orden en el registro no depende de él"
                )
            )
        case .absurd:
            console.note(
                Text(
                    en: "this device's clock says \(date), which cannot be: set it right; the order"
                        + " in the log does not depend on it",
                    es: "el reloj de este dispositivo dice \(date), lo que no puede ser: ajústelo;"
                        + " el orden en el registro no depende de él"
                )
            )
        }
    }
}
