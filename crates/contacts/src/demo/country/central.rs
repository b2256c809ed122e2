//! Germany, Austria, Switzerland.

use super::{City, Country};

const WOMEN: &str = "Anna,Marie,Sophie,Julia,Katharina,Laura,Lena,Sarah,Lisa,Johanna,Theresa,Hannah,Christina,Sabine,\
    Petra,Monika,Ursula,Andrea,Susanne,Karin,Birgit,Heike,Jutta,Änne,Käthe,Franziska,Ulrike,Anja,Nadine,Melanie,\
    Stefanie,Claudia,Carolin,Mareike,Frauke,Silke,Beate,Elif,Ayşe,Nele,Greta,Charlotte,Helene,Friederike";
const MEN: &str = "Lukas,Maximilian,Jonas,Paul,Felix,Leon,Elias,Tobias,Stefan,Michael,Thomas,Andreas,Matthias,Jürgen,\
    Klaus,Wolfgang,Günther,Dieter,Jörg,Björn,Sören,Holger,Uwe,Ralf,Bernd,Florian,Sebastian,Philipp,Dominik,Christoph,\
    Alexander,Daniel,Martin,Markus,Frank,Henning,Götz,Mehmet,Emre,Konstantin,Moritz,Anton,Emil,Valentin";

pub(super) static GERMANY: Country = Country {
    code: "DE",
    language: "de",
    time_zone: "Europe/Berlin",
    currency: "EUR",
    share: 26,
    women: WOMEN,
    men: MEN,
    families: "Müller,Schmidt,Schneider,Fischer,Weber,Meyer,Wagner,Becker,Schulz,Hoffmann,Schäfer,Koch,Bauer,Richter,\
        Klein,Wolf,Schröder,Neumann,Schwarz,Zimmermann,Braun,Krüger,Hofmann,Hartmann,Lange,Schmitt,Werner,Krause,\
        Meier,Lehmann,Köhler,Maier,Herrmann,König,Walter,Kaiser,Fuchs,Peters,Lang,Scholz,Möller,Weiß,Jung,Hahn,\
        Schubert,Vogel,Friedrich,Keller,Günther,Frank,Berger,Winkler,Roth,Beck,Lorenz,Baumann,Franke,Albrecht,\
        Schuster,Simon,Ludwig,Böhm,Winter,Kraus,Martin,Schumacher,Krämer,Vogt,Stein,Jäger,Otto,Sommer,Groß,Seidel,\
        Heinrich,Brandt,Haas,Schreiber,Graf,Dietrich,Ziegler,Kuhn,Kühn,Pohl,Engel,Horn,Busch,Bergmann,Thomas,Voigt,\
        Sauer,Arnold,Wolff,Pfeiffer,Yılmaz,Kaya,Öztürk,von Bülow,Freiherr von Stein",
    cities: &[
        City { name: "Berlin", region: "Berlin", postal_code: "10%##", landline: "+4930%#######" },
        City { name: "Hamburg", region: "Hamburg", postal_code: "22%##", landline: "+4940%#######" },
        City { name: "München", region: "Bayern", postal_code: "80%##", landline: "+4989%#######" },
        City { name: "Köln", region: "Nordrhein-Westfalen", postal_code: "50%##", landline: "+49221%######" },
        City { name: "Frankfurt am Main", region: "Hessen", postal_code: "60%##", landline: "+4969%#######" },
        City { name: "Stuttgart", region: "Baden-Württemberg", postal_code: "70%##", landline: "+49711%######" },
        City { name: "Düsseldorf", region: "Nordrhein-Westfalen", postal_code: "40%##", landline: "+49211%######" },
        City { name: "Leipzig", region: "Sachsen", postal_code: "04%##", landline: "+49341%######" },
        City { name: "Nürnberg", region: "Bayern", postal_code: "90%##", landline: "+49911%######" },
        City { name: "Lübeck", region: "Schleswig-Holstein", postal_code: "23%##", landline: "+49451%######" },
        City { name: "Görlitz", region: "Sachsen", postal_code: "028##", landline: "+493581%#####" },
        City {
            name: "Freiburg im Breisgau",
            region: "Baden-Württemberg",
            postal_code: "79%##",
            landline: "+49761%######",
        },
    ],
    streets: "Hauptstraße,Bahnhofstraße,Schulstraße,Gartenweg,Dorfstraße,Bergstraße,Lindenallee,Kirchplatz,Goethestraße,\
        Schillerstraße,Mozartweg,Ringstraße,Am Stadtpark,Industriestraße,Hafenstraße,Mühlenweg,Rosenstraße,Königsallee",
    number_first: false,
    mobile: &["+49151%#######", "+49160%######", "+49170%######", "+49171%######", "+49176%#######"],
    legal_forms: &["GmbH", "GmbH", "GmbH", "AG", "KG", "GmbH & Co. KG", "e.K.", "SE"],
    tax_id: "DE%########",
};

pub(super) static AUSTRIA: Country = Country {
    code: "AT",
    language: "de",
    time_zone: "Europe/Vienna",
    currency: "EUR",
    share: 5,
    women: WOMEN,
    men: MEN,
    families: "Gruber,Huber,Bauer,Wagner,Müller,Pichler,Steiner,Moser,Mayer,Hofer,Leitner,Berger,Fuchs,Eder,Fischer,\
        Schmid,Winkler,Weber,Schwarz,Maier,Schneider,Reiter,Mayr,Wimmer,Egger,Brunner,Lang,Baumgartner,Auer,Binder,\
        Lechner,Wolf,Wallner,Aigner,Ebner,Koller,Lehner,Haas,Schuster,Böhm,Novak,Horvath,Prohaska,Schönbauer",
    cities: &[
        City { name: "Wien", region: "Wien", postal_code: "1%#0", landline: "+431%######" },
        City { name: "Graz", region: "Steiermark", postal_code: "80#0", landline: "+43316%#####" },
        City { name: "Linz", region: "Oberösterreich", postal_code: "40#0", landline: "+43732%#####" },
        City { name: "Salzburg", region: "Salzburg", postal_code: "50#0", landline: "+43662%#####" },
        City { name: "Innsbruck", region: "Tirol", postal_code: "60#0", landline: "+43512%#####" },
        City { name: "Sankt Pölten", region: "Niederösterreich", postal_code: "31#0", landline: "+432742%####" },
    ],
    streets: "Mariahilfer Straße,Landstraße,Hauptplatz,Bahnhofstraße,Kärntner Straße,Schulgasse,Wiener Straße,\
        Kirchengasse,Feldgasse,Lindengasse,Mozartgasse,Am Graben",
    number_first: false,
    mobile: &["+43664%######", "+43676%######", "+43699%#######"],
    legal_forms: &["GmbH", "GmbH", "AG", "KG", "OG", "e.U."],
    tax_id: "ATU%#######",
};

pub(super) static SWITZERLAND: Country = Country {
    code: "CH",
    language: "de",
    time_zone: "Europe/Zurich",
    currency: "CHF",
    share: 5,
    women: "Anna,Lea,Laura,Sara,Chantal,Nicole,Claudia,Sandra,Ursula,Ruth,Verena,Regula,Séverine,Joëlle,Aurélie,\
        Giulia,Chiara,Mirjam,Rahel,Simone,Corinne,Daniela,Franziska,Monika,Céline,Vreni",
    men: "Luca,Noah,Reto,Urs,Beat,Daniel,Thomas,Peter,Hans,Markus,Marco,Roger,Stefan,Patrick,Jürg,René,André,François,\
        Jérôme,Matteo,Fabio,Adrian,Simon,Lukas,Ueli,Köbi",
    families: "Müller,Meier,Schmid,Keller,Weber,Huber,Schneider,Meyer,Steiner,Fischer,Gerber,Brunner,Baumann,Frei,\
        Zimmermann,Moser,Widmer,Wyss,Graf,Roth,Baumgartner,Bachmann,Suter,Kunz,Bühler,Hofer,Lüthi,Rüegg,Zürcher,\
        Ammann,Favre,Rochat,Blanc,Bernasconi,Bianchi,Ferrari,Krähenbühl,Nägeli,Hunziker,Aeschlimann",
    cities: &[
        City { name: "Zürich", region: "ZH", postal_code: "80##", landline: "+4144%######" },
        City { name: "Genève", region: "GE", postal_code: "120#", landline: "+4122%######" },
        City { name: "Basel", region: "BS", postal_code: "405#", landline: "+4161%######" },
        City { name: "Bern", region: "BE", postal_code: "301#", landline: "+4131%######" },
        City { name: "Lausanne", region: "VD", postal_code: "100#", landline: "+4121%######" },
        City { name: "Luzern", region: "LU", postal_code: "600#", landline: "+4141%######" },
        City { name: "Lugano", region: "TI", postal_code: "690#", landline: "+4191%######" },
    ],
    streets: "Bahnhofstrasse,Hauptstrasse,Dorfstrasse,Seestrasse,Rue du Marché,Avenue de la Gare,Via Nassa,\
        Kirchgasse,Bernstrasse,Zürcherstrasse,Schulweg,Industriestrasse",
    number_first: false,
    mobile: &["+4176%######", "+4178%######", "+4179%######"],
    legal_forms: &["AG", "AG", "GmbH", "SA", "Sàrl", "SAGL"],
    tax_id: "CHE-%##.###.###",
};
