// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

extension ReminderContacts.Flaw: DescribedFailure {
    var failure: Failure {
        switch self {
        case .line(let number):
            Failure(
                .usage,
                Text(
                    en: "line \(number) of the contacts is not understood",
                    es: "no se entiende la línea \(number) de los contactos"
                ),
                hint: Text(
                    en: "an https URL, or http to an .onion address; one address a line",
                    es: "una URL https, o http a una dirección .onion; una dirección por línea"
                )
            )
        case .link(let number):
            Failure(
                .usage,
                Text(
                    en: "line \(number) of the contacts holds a link",
                    es: "la línea \(number) de los contactos lleva un enlace"
                ),
                hint: Text(
                    en: "a reminder says nothing and leads nowhere",
                    es: "un recordatorio no dice nada ni lleva a ninguna parte"
                )
            )
        case .empty:
            Failure(
                .usage,
                Text(
                    en: "the contacts reach nobody, or go more than eight ways",
                    es: "los contactos no llegan a nadie, o van por más de ocho vías"
                ),
                hint: Text(
                    en: "write “mail ADDRESS” or “webhook URL”",
                    es: "escriba «mail DIRECCIÓN» o «webhook URL»"
                )
            )
        }
    }
}
