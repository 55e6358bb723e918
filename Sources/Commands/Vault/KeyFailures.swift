// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Vault

extension VaultError {
    /// What can be wrong around passphrases that are chosen, and recovery keys.
    var recoveryFailure: Failure? {
        switch self {
        case .keyringMissing:
            Failure(
                .notAllowed,
                Text(
                    en: "the keyring of this vault was wiped or lost",
                    es: "el llavero de esta bóveda se borró o se perdió"
                ),
                hint: Text(
                    en: "restore it with the recovery key: resguardo init --recover",
                    es: "restáurelo con la llave de recuperación: resguardo init --recover"
                )
            )
        case .passphraseInUse:
            Failure(
                .usage,
                Text(
                    en: "this passphrase cannot be used: choose another one",
                    es: "esta contraseña no se puede usar: elija otra"
                )
            )
        case .malformedRecoveryKey:
            Failure(
                .wrongPassphrase,
                Text(
                    en: "this is no recovery key: something is missing or mistyped",
                    es: "esto no es una llave de recuperación: falta algo o está mal escrita"
                ),
                hint: Text(
                    en: "it begins with AGE-SECRET-KEY-PQ-1 and has 77 characters",
                    es: "empieza con AGE-SECRET-KEY-PQ-1 y tiene 77 caracteres"
                )
            )
        case .wrongRecoveryKey:
            Failure(
                .wrongPassphrase,
                Text(
                    en: "this is the recovery key of another vault",
                    es: "esta es la llave de recuperación de otra bóveda"
                )
            )
        case .recoveryRecordDamaged:
            Failure(
                .storeDamaged,
                Text(
                    en: "recovery.age of this vault is missing or damaged",
                    es: "recovery.age de esta bóveda falta o está dañado"
                ),
                hint: Text(
                    en: "put back a copy of that file; it never changes",
                    es: "reponga una copia de ese archivo; nunca cambia"
                )
            )
        case .tooManyKeys(let limit):
            Failure(
                .notAllowed,
                Text(
                    en: "a case has at most \(limit) keys in its life; open a new case",
                    es: "un caso tiene como máximo \(limit) llaves en su vida; abra otro caso"
                )
            )
        default: nil
        }
    }
}
