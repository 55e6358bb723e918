// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Registry
package import Statements

extension CanaryStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(subject)
        guard let promise else {
            return Text(
                en: "subject \(name) promises words no more",
                es: "la fuente \(name) ya no promete palabras"
            )
        }
        return Text(
            en: "subject \(name) promises a word every \(promise.everyDays) days",
            es: "la fuente \(name) promete una palabra cada \(promise.everyDays) días"
        )
    }
}

extension AliveStatement: Summarised {
    package var summary: Text {
        let name = RegistryText.short(subject)
        return Text(
            en: "subject \(name) was heard: the next word of its canary",
            es: "se oyó a la fuente \(name): la siguiente palabra de su canario"
        )
    }
}

extension CanaryStatement: Foretold {
    var effect: Text {
        promise == nil
            ? Text(
                en:
                    "silence shows no more; once, in the 14 days after your next key holds",
                es: "ya no se notará si calla; una vez, a 14 días de valer su siguiente llave"
            )
            : Text(
                en: """
                    when words stop coming the badge goes, and later the source is suspended; \
                    the next word brings it back
                    """,
                es: """
                    si las palabras dejan de llegar el distintivo se va, y después la fuente \
                    queda suspendida; la siguiente palabra la devuelve
                    """
            )
    }
}

extension AliveStatement: Foretold {
    var effect: Text {
        Text(
            en: "the source counts as heard on this day; a word counts once",
            es: "la fuente cuenta como oída este día; cada palabra vale una vez"
        )
    }
}
