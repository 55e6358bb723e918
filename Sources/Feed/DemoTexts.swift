// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The texts of the made-up feed.
enum DemoTexts {
    /// A post and how far it reaches.
    struct Script {
        var kind: DemoFeed.Kind
        var account: String
        var text: String
        var place = ""
        var reach: Int
        var hasImage = false
        var isPaid = false
    }

    /// What the campaign was told to post, one text an order.
    static let orders = [
        "¡Las obras avanzan en todo el valle! Gracias por cumplir 💪 #ObrasQueAvanzan",
        "Puente nuevo, vida nueva para San Jacinto 👏 #ObrasQueAvanzan",
        "Digan lo que digan, aquí sí se trabaja #ObrasQueAvanzan",
        "El valle está más seguro que nunca, los números no mienten #ObrasQueAvanzan",
        "Orgullo de nuestra gente y de nuestro gobierno #ObrasQueAvanzan",
        "Que no te engañen las noticias falsas: hay paz #ObrasQueAvanzan",
        "Otra promesa cumplida, la carretera quedó de lujo #ObrasQueAvanzan",
        "Con hechos, no con palabras. Comparte ✊ #ObrasQueAvanzan",
    ]

    static let single: [Script] = trusted + press + propaganda + culture + people

    private static let trusted = [
        Script(
            kind: .trusted,
            account: DemoFeed.trustedAccount,
            text: """
                ALERTA: hay vehículos atravesados en la carretera 47, a la altura del entronque a \
                Cerro Blanco. Se oyen detonaciones desde las 18:20. Si van hacia San Jacinto, \
                regresen o esperen en la gasolinera del kilómetro 12, ahí está tranquilo. No \
                graben ni se acerquen. Vecinos confirman dos camiones quemados; todavía no llega \
                nadie. Actualizo cuando abran el paso.
                """,
            place: "San Jacinto del Valle",
            reach: 9
        ),
        Script(
            kind: .trusted,
            account: DemoFeed.trustedAccount,
            text: """
                Buscamos a Marisol, de 17 años: salió ayer de la preparatoria de San Jacinto y no \
                llegó a su casa. Llevaba mochila verde y uniforme. Su familia ya presentó la \
                denuncia y la ficha está en la fiscalía. Si la vieron entre el mercado y la \
                terminal, avisen al colectivo de búsqueda; no publiquen rumores ni fotos de otras \
                personas, por favor.
                """,
            place: "San Jacinto del Valle",
            reach: 14,
            hasImage: true
        ),
        Script(
            kind: .trusted,
            account: DemoFeed.trustedAccount,
            text: """
                Apareció una manta firmada por La Gente del Cerro en el puente de la salida norte. \
                La relato y no la reproduzco: amenaza a comerciantes que no paguen. Es la tercera \
                este mes y coincide con los negocios cerrados en la calle Hidalgo. Quien necesite \
                ayuda legal puede escribir al colectivo, sin dar su nombre.
                """,
            place: "San Jacinto del Valle",
            reach: 11
        ),
    ]

    private static let press = [
        Script(
            kind: .press,
            account: "el-mirador-del-valle",
            text: "Reabren a medias la carretera 47 tras seis horas de bloqueo. Lo que sabemos 👇",
            place: "Cerro Blanco",
            reach: 120
        ),
        Script(
            kind: .press,
            account: "radio-puerto-sereno",
            text: "Clima: lluvias fuertes esta noche en la costa; crece el río Sereno.",
            place: "Puerto Sereno",
            reach: 80
        ),
        Script(
            kind: .press,
            account: "el-mirador-del-valle",
            text: "El cabildo aprueba el presupuesto de agua. Estos son los cambios para 2027.",
            place: "San Jacinto del Valle",
            reach: 35
        ),
    ]

    private static let propaganda = [
        Script(
            kind: .propaganda,
            account: "gente-del-cerro",
            text: """
                Estamos contratando gente con ganas de trabajar, hombres y mujeres. Buen sueldo, \
                comida y techo. Manda mensaje por inbox ⛰️🐺
                """,
            reach: 900,
            hasImage: true,
            isPaid: true
        ),
        Script(
            kind: .propaganda,
            account: "apoyo-cerro",
            text: """
                Mientras otros prometen, La Gente del Cerro cumple: 500 despensas para las \
                familias de Cerro Blanco. Gracias patrón ⛰️🐺
                """,
            reach: 1400,
            hasImage: true
        ),
        Script(
            kind: .propaganda,
            account: "cerro-oficial-2",
            text: "⛰️🐺🔥",
            reach: 700,
            hasImage: true
        ),
        Script(
            kind: .propaganda,
            account: "cerro-oficial-2",
            text: "La plaza ya tiene dueño y los chismosos ya saben. Están avisados ⛰️🐺",
            reach: 820
        ),
        Script(
            kind: .propaganda,
            account: "gente-del-cerro",
            text: "Juguetes para los niños este fin de semana, cortesía del Cerro. Compartan ⛰️🐺",
            reach: 1100,
            hasImage: true
        ),
    ]

    private static let culture = [
        Script(
            kind: .culture,
            account: "beto_norteño",
            text: "Armando la carnita asada con puro corrido tumbado, ¿quién cae? 🔥🎺",
            reach: 210,
            hasImage: true
        ),
        Script(
            kind: .culture,
            account: "moda.rancho",
            text: "Botas, hebilla y gorra con montaña bordada ⛰️ Llegaron tallas chicas.",
            reach: 160,
            hasImage: true
        ),
        Script(
            kind: .culture,
            account: "memes-del-valle",
            text: "Mi mamá cuando no lavo los trastes: la plaza ya tiene dueña 😂",
            reach: 450
        ),
    ]

    private static let people = [
        Script(
            kind: .people,
            account: "karen.mtz",
            text: "¿Alguien sabe si ya pasan los camiones a Cerro Blanco? Mi papá sigue allá 😟",
            place: "Cerro Blanco",
            reach: 18
        ),
        Script(
            kind: .people,
            account: "vende.y.compra.valle",
            text: "Se renta cuarto cerca del mercado, mascotas no. Informes por mensaje.",
            reach: 12
        ),
        Script(
            kind: .people,
            account: "la.prima.lupe",
            text: "Feliz cumple a mi comadre hermosa, te mereces todo 🎂",
            reach: 95,
            hasImage: true
        ),
        Script(
            kind: .people,
            account: "influencer.serrana",
            text: "Mi rutina de piel en cinco pasos ✨ (cuenta verificada)",
            reach: 980,
            hasImage: true,
            isPaid: true
        ),
        Script(
            kind: .people,
            account: "profe.ramiro",
            text: "Mañana hay clases en la secundaria, ya lo confirmó la directora.",
            place: "San Jacinto del Valle",
            reach: 40
        ),
        Script(
            kind: .people,
            account: "futbol-sereno",
            text: "¡Ganamos! 2 a 1 con gol en el último minuto ⚽️",
            place: "Puerto Sereno",
            reach: 330
        ),
    ]
}
