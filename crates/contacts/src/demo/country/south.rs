//! Italy, Spain, Turkey.

use super::{City, Country};

pub(super) static ITALY: Country = Country {
    code: "IT",
    language: "it",
    time_zone: "Europe/Rome",
    currency: "EUR",
    share: 6,
    women: "Sofia,Giulia,Aurora,Martina,Chiara,Francesca,Alessia,Valentina,Federica,Elena,Silvia,Paola,Laura,Anna,\
        Roberta,Simona,Ilaria,Beatrice,Caterina,Lucia,Maria Grazia,Giovanna,Noemi,Serena",
    men: "Leonardo,Francesco,Alessandro,Lorenzo,Mattia,Andrea,Gabriele,Riccardo,Tommaso,Edoardo,Marco,Luca,Giuseppe,\
        Antonio,Giovanni,Paolo,Stefano,Roberto,Davide,Simone,Nicolò,Vincenzo,Salvatore,Gian Luca",
    families: "Rossi,Russo,Ferrari,Esposito,Bianchi,Romano,Colombo,Ricci,Marino,Greco,Bruno,Gallo,Conti,De Luca,\
        Mancini,Costa,Giordano,Rizzo,Lombardi,Moretti,Barbieri,Fontana,Santoro,Mariani,Rinaldi,Caruso,Ferrara,\
        Galli,Martini,Leone,Longo,Gentile,Martinelli,Vitale,Serra,Coppola,De Santis,D'Angelo,Marchetti,Parisi,\
        Villa,Conte,Ferraro,Ferri,Fabbri,Niccolò,D'Amico,Bellini",
    cities: &[
        City { name: "Milano", region: "MI", postal_code: "201##", landline: "+3902########" },
        City { name: "Roma", region: "RM", postal_code: "001##", landline: "+3906########" },
        City { name: "Torino", region: "TO", postal_code: "101##", landline: "+39011#######" },
        City { name: "Bologna", region: "BO", postal_code: "401##", landline: "+39051#######" },
        City { name: "Firenze", region: "FI", postal_code: "501##", landline: "+39055#######" },
        City { name: "Napoli", region: "NA", postal_code: "801##", landline: "+39081#######" },
        City { name: "Forlì", region: "FC", postal_code: "471##", landline: "+390543######" },
    ],
    streets: "Via Roma,Via Garibaldi,Corso Vittorio Emanuele,Via Dante Alighieri,Piazza del Duomo,Via Verdi,Via Mazzini,\
        Viale della Libertà,Via San Marco,Via Cavour,Largo Augusto,Via delle Rose",
    number_first: false,
    mobile: &["+39347%######", "+39333%######", "+39320%######"],
    legal_forms: &["S.r.l.", "S.r.l.", "S.p.A.", "S.n.c."],
    tax_id: "IT%##########",
};

pub(super) static SPAIN: Country = Country {
    code: "ES",
    language: "es",
    time_zone: "Europe/Madrid",
    currency: "EUR",
    share: 6,
    women: "Lucía,Sofía,Martina,María,Paula,Julia,Daniela,Valeria,Alba,Carmen,Inés,Begoña,Rocío,Pilar,Nuria,Concepción,\
        Mercedes,Ángela,Itziar,Montserrat,Ainhoa,Belén,Mónica,Raquel",
    men: "Hugo,Mateo,Martín,Lucas,Daniel,Alejandro,Pablo,Álvaro,Adrián,Javier,José Luis,Jesús,Íñigo,Óscar,Andrés,Rubén,\
        Víctor,Joaquín,Ramón,Jordi,Sergio,Iván,Gonzalo,Íker",
    families: "García López,Rodríguez,González,Fernández,López,Martínez,Sánchez,Pérez,Gómez,Martín,Jiménez,Ruiz,\
        Hernández,Díaz,Moreno,Muñoz,Álvarez,Romero,Alonso,Gutiérrez,Navarro,Torres,Domínguez,Vázquez,Ramos,Gil,\
        Ramírez,Serrano,Blanco,Molina,Morales,Suárez,Ortega,Delgado,Castro,Ortiz,Rubio,Marín,Sanz,Núñez,Iglesias,\
        Medina,Garrido,Cortés,Castillo,Etxeberria,Puig i Cadafalch,Peña",
    cities: &[
        City { name: "Madrid", region: "Madrid", postal_code: "280##", landline: "+3491%######" },
        City { name: "Barcelona", region: "Cataluña", postal_code: "080##", landline: "+3493%######" },
        City { name: "Valencia", region: "Comunidad Valenciana", postal_code: "460##", landline: "+3496%######" },
        City { name: "Sevilla", region: "Andalucía", postal_code: "410##", landline: "+3495%######" },
        City { name: "Bilbao", region: "País Vasco", postal_code: "480##", landline: "+34944######" },
        City { name: "A Coruña", region: "Galicia", postal_code: "150##", landline: "+34981######" },
        City { name: "Málaga", region: "Andalucía", postal_code: "290##", landline: "+34952######" },
    ],
    streets: "Calle Mayor,Calle de Alcalá,Gran Vía,Avenida de la Constitución,Plaza de España,Calle del Sol,\
        Paseo del Prado,Calle San Juan,Ronda de Toledo,Calle Cervantes,Camino Real,Calle Nueva",
    number_first: false,
    mobile: &["+346########", "+3471%######"],
    legal_forms: &["S.L.", "S.L.", "S.A.", "S.L.U."],
    tax_id: "ESB%#######",
};

pub(super) static TURKEY: Country = Country {
    code: "TR",
    language: "tr",
    time_zone: "Europe/Istanbul",
    currency: "TRY",
    share: 3,
    women: "Zeynep,Elif,Defne,Ayşe,Fatma,Emine,Hatice,Özlem,Gülşen,Şule,Çiğdem,Sıla,Buse,Melike,İrem,Nur",
    men: "Yusuf,Eymen,Mustafa,Mehmet,Ahmet,Ömer,Emir,Çağrı,Gökhan,Şükrü,Oğuz,Uğur,Kerem,Barış,İbrahim,Hüseyin",
    families: "Yılmaz,Kaya,Demir,Şahin,Çelik,Yıldız,Yıldırım,Öztürk,Aydın,Özdemir,Arslan,Doğan,Kılıç,Aslan,Çetin,Kara,\
        Koç,Kurt,Özkan,Şimşek,Polat,Erdoğan,Güneş,Bozkurt,Işık,Ünal",
    cities: &[
        City { name: "İstanbul", region: "İstanbul", postal_code: "34%##", landline: "+90212%######" },
        City { name: "Ankara", region: "Ankara", postal_code: "06%##", landline: "+90312%######" },
        City { name: "İzmir", region: "İzmir", postal_code: "35%##", landline: "+90232%######" },
        City { name: "Bursa", region: "Bursa", postal_code: "16%##", landline: "+90224%######" },
    ],
    streets: "Atatürk Caddesi,Cumhuriyet Caddesi,İstiklal Caddesi,Gül Sokak,Barbaros Bulvarı,Çınar Sokak,Liman Yolu",
    number_first: false,
    mobile: &["+90532%######", "+90542%######", "+90505%######"],
    legal_forms: &["A.Ş.", "Ltd. Şti."],
    tax_id: "%#########",
};
