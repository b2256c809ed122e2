//! United Kingdom, France, Netherlands.

use super::{City, Country};

pub(super) static UNITED_KINGDOM: Country = Country {
    code: "GB",
    language: "en",
    time_zone: "Europe/London",
    currency: "GBP",
    share: 10,
    women: "Olivia,Amelia,Emily,Jessica,Sophie,Charlotte,Grace,Lucy,Hannah,Rebecca,Victoria,Margaret,Susan,Patricia,\
        Elizabeth,Helen,Fiona,Siân,Niamh,Eilidh,Priya,Aisha,Fatima,Zoë,Chloë,Gemma,Harriet,Imogen,Poppy,Rosalind,\
        Beatrice,Catherine,Deborah,Alison",
    men: "Oliver,George,Harry,Jack,James,William,Thomas,Edward,Henry,Charles,Daniel,Matthew,Andrew,Stephen,Ian,Graham,\
        Nigel,Alastair,Callum,Rhys,Gareth,Ewan,Mohammed,Imran,Raj,Oscar,Archie,Freddie,Simon,Colin,Duncan,Martin,\
        Séamus,Dominic",
    families: "Smith,Jones,Taylor,Brown,Williams,Wilson,Johnson,Davies,Patel,Robinson,Wright,Thompson,Evans,Walker,\
        White,Roberts,Green,Hall,Wood,Jackson,Clarke,Khan,Lewis,Edwards,Hughes,Turner,Hill,Moore,Clark,Harrison,\
        Scott,Young,Morris,Cooper,Ward,Kelly,Parker,Bennett,Cook,Shaw,Murphy,Begum,Ahmed,Singh,MacDonald,O'Brien,\
        O'Connor,Fitzgerald,Ashcroft,Pemberton,Lloyd-Jones,Featherstone,Blackwood,Hargreaves,Whitaker,Ellison",
    cities: &[
        City { name: "London", region: "Greater London", postal_code: "EC1A %BB", landline: "+442079######" },
        City { name: "Manchester", region: "Greater Manchester", postal_code: "M1 %AE", landline: "+441614######" },
        City { name: "Birmingham", region: "West Midlands", postal_code: "B2 %QX", landline: "+441214######" },
        City { name: "Leeds", region: "West Yorkshire", postal_code: "LS1 %UR", landline: "+441132######" },
        City { name: "Bristol", region: "Bristol", postal_code: "BS1 %TR", landline: "+441179######" },
        City { name: "Edinburgh", region: "Scotland", postal_code: "EH2 %NG", landline: "+441312######" },
        City { name: "Glasgow", region: "Scotland", postal_code: "G2 %DE", landline: "+441412######" },
        City { name: "Cardiff", region: "Wales", postal_code: "CF10 %AL", landline: "+442920######" },
        City { name: "Belfast", region: "Northern Ireland", postal_code: "BT1 %GU", landline: "+442890######" },
    ],
    streets: "High Street,Station Road,Church Lane,Victoria Road,Park Avenue,Mill Lane,King Street,Queens Road,\
        The Crescent,Manor Road,Albert Street,Chapel Street,Kingsway,Wellington Row,Harbour View",
    number_first: true,
    mobile: &["+447700######", "+447911%#####", "+447450%#####", "+447812%#####"],
    legal_forms: &["Ltd", "Ltd", "Limited", "plc", "LLP"],
    tax_id: "GB%########",
};

pub(super) static FRANCE: Country = Country {
    code: "FR",
    language: "fr",
    time_zone: "Europe/Paris",
    currency: "EUR",
    share: 9,
    women: "Camille,Léa,Manon,Chloé,Inès,Jeanne,Élise,Hélène,Zoé,Noémie,Aurélie,Céline,Émilie,Françoise,Geneviève,\
        Margaux,Mathilde,Nathalie,Valérie,Sylvie,Véronique,Anaïs,Maëlys,Solène,Clémence,Agathe,Marie-Claire,\
        Anne-Sophie,Isabelle,Sandrine,Delphine,Fatou",
    men: "Louis,Gabriel,Jules,Hugo,Raphaël,Théo,Léo,François,Jérôme,Benoît,Rémi,Gaël,Loïc,Cédric,Frédéric,Stéphane,\
        Sébastien,Grégoire,Étienne,André,Jean-Luc,Jean-Baptiste,Pierre,Antoine,Mathieu,Olivier,Thierry,Yannick,\
        Maxime,Clément,Bastien,Mamadou",
    families: "Martin,Bernard,Dubois,Thomas,Robert,Richard,Petit,Durand,Leroy,Moreau,Simon,Laurent,Lefebvre,Michel,\
        Garcia,David,Bertrand,Roux,Vincent,Fournier,Morel,Girard,André,Lefèvre,Mercier,Dupont,Lambert,Bonnet,\
        François,Martinez,Legrand,Garnier,Faure,Rousseau,Blanc,Guérin,Müller,Henry,Roussel,Nicolas,Perrin,Morin,\
        Mathieu,Clément,Gauthier,Dumont,Lopez,Fontaine,Chevalier,Robin,Masson,Sanchez,Gérard,Nguyen,Boyer,Denis,\
        Lemaître,Benoît,D'Alembert,de la Tour",
    cities: &[
        City { name: "Paris", region: "Île-de-France", postal_code: "7500%", landline: "+331%#######" },
        City { name: "Lyon", region: "Auvergne-Rhône-Alpes", postal_code: "6900%", landline: "+33472######" },
        City {
            name: "Marseille",
            region: "Provence-Alpes-Côte d'Azur",
            postal_code: "1300%",
            landline: "+33491######",
        },
        City { name: "Toulouse", region: "Occitanie", postal_code: "31%00", landline: "+33561######" },
        City { name: "Nantes", region: "Pays de la Loire", postal_code: "44%00", landline: "+33240######" },
        City { name: "Strasbourg", region: "Grand Est", postal_code: "67%00", landline: "+33388######" },
        City { name: "Bordeaux", region: "Nouvelle-Aquitaine", postal_code: "33%00", landline: "+33556######" },
        City {
            name: "Saint-Étienne", region: "Auvergne-Rhône-Alpes", postal_code: "42%00", landline: "+33477######"
        },
    ],
    streets: "rue de la Paix,rue Victor Hugo,avenue de la République,place du Marché,boulevard Voltaire,rue des Écoles,\
        rue du Château,chemin des Vignes,rue Pasteur,allée des Tilleuls,quai de la Loire,impasse des Roses",
    number_first: true,
    mobile: &["+336########", "+336########", "+337%#######"],
    legal_forms: &["SARL", "SAS", "SAS", "SA", "EURL"],
    tax_id: "FR%##########",
};

pub(super) static NETHERLANDS: Country = Country {
    code: "NL",
    language: "nl",
    time_zone: "Europe/Amsterdam",
    currency: "EUR",
    share: 5,
    women: "Emma,Julia,Sanne,Fleur,Lotte,Anouk,Femke,Maaike,Marloes,Ingrid,Saskia,Marijke,Willemijn,Renée,Daniëlle,\
        Esther,Judith,Nienke,Roos,Tess,Yasmina,Hanneke",
    men: "Daan,Sem,Lars,Bram,Thijs,Jeroen,Maarten,Wouter,Pieter,Jan,Kees,Henk,Joost,Sander,Ruben,Niels,Koen,Bas,\
        Sjoerd,Tjeerd,Mohamed,Gijs",
    families: "de Jong,Jansen,de Vries,van den Berg,van Dijk,Bakker,Janssen,Visser,Smit,Meijer,de Boer,Mulder,de Groot,\
        Bos,Vos,Peters,Hendriks,van Leeuwen,Dekker,Brouwer,de Wit,Dijkstra,Smits,de Graaf,van der Meer,Kok,Jacobs,\
        Vermeulen,van Vliet,Postma,Hoekstra,Kuipers,van 't Hoff,ten Brink,IJsselmuiden",
    cities: &[
        City { name: "Amsterdam", region: "Noord-Holland", postal_code: "10%# AB", landline: "+3120%######" },
        City { name: "Rotterdam", region: "Zuid-Holland", postal_code: "30%# CD", landline: "+3110%######" },
        City { name: "Utrecht", region: "Utrecht", postal_code: "35%# GH", landline: "+3130%######" },
        City { name: "Eindhoven", region: "Noord-Brabant", postal_code: "56%# KL", landline: "+3140%######" },
        City { name: "'s-Hertogenbosch", region: "Noord-Brabant", postal_code: "52%# RS", landline: "+3173%######" },
        City { name: "Groningen", region: "Groningen", postal_code: "97%# TV", landline: "+3150%######" },
    ],
    streets: "Dorpsstraat,Kerkstraat,Stationsweg,Molenweg,Schoolstraat,Julianalaan,Nieuwstraat,Havenkade,Prinsengracht,\
        Marktplein,Beukenlaan,Industrieweg",
    number_first: false,
    mobile: &["+316%#######"],
    legal_forms: &["B.V.", "B.V.", "N.V.", "V.O.F."],
    tax_id: "NL%########B01",
};
