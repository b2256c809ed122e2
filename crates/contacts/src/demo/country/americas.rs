//! United States, Brazil.

use super::{City, Country};

pub(super) static UNITED_STATES: Country = Country {
    code: "US",
    language: "en",
    time_zone: "America/New_York",
    currency: "USD",
    share: 10,
    women: "Mary,Patricia,Jennifer,Linda,Elizabeth,Barbara,Susan,Jessica,Sarah,Karen,Lisa,Nancy,Ashley,Kimberly,Emily,\
        Donna,Michelle,Amanda,Melissa,Stephanie,Rebecca,Laura,Cynthia,Kathleen,Amy,Angela,Brenda,Emma,Nicole,\
        Samantha,Katherine,Christine,Rachel,Carolyn,Janet,Maria,Latoya,Keisha,Mei,Priya,Guadalupe,Renée",
    men: "James,Robert,John,Michael,David,William,Richard,Joseph,Thomas,Christopher,Charles,Daniel,Matthew,Anthony,Mark,\
        Steven,Paul,Andrew,Joshua,Kenneth,Kevin,Brian,George,Timothy,Ronald,Edward,Jason,Jeffrey,Ryan,Jacob,Gary,\
        Nicholas,Eric,Jonathan,Stephen,Larry,Justin,Carlos,José,Darnell,Wei,Arjun",
    families: "Smith,Johnson,Williams,Brown,Jones,Garcia,Miller,Davis,Rodriguez,Martinez,Hernandez,Lopez,Gonzalez,Wilson,\
        Anderson,Thomas,Taylor,Moore,Jackson,Martin,Lee,Perez,Thompson,White,Harris,Sanchez,Clark,Ramirez,Lewis,\
        Robinson,Walker,Young,Allen,King,Wright,Scott,Torres,Nguyen,Hill,Flores,Green,Adams,Nelson,Baker,Hall,\
        Rivera,Campbell,Mitchell,Carter,Roberts,Gomez,Phillips,Evans,Turner,Diaz,Parker,Cruz,Edwards,Collins,Reyes,\
        Stewart,Morris,Morales,Murphy,Cook,Rogers,Gutierrez,Ortiz,Morgan,Cooper,Peterson,Bailey,Reed,Kelly,Howard,\
        Ramos,Kim,Cox,Ward,Richardson,Watson,Brooks,Chavez,Wood,Bennett,Gray,Mendoza,Ruiz,Hughes,Price,O'Neill,\
        McAllister,Van Buren,Kowalski,Schwartz,Goldberg,Patel,Chen,Wang,Singh",
    cities: &[
        City { name: "New York", region: "NY", postal_code: "100##", landline: "+1212555####" },
        City { name: "Los Angeles", region: "CA", postal_code: "900##", landline: "+1213555####" },
        City { name: "Chicago", region: "IL", postal_code: "606##", landline: "+1312555####" },
        City { name: "Houston", region: "TX", postal_code: "770##", landline: "+1713555####" },
        City { name: "Phoenix", region: "AZ", postal_code: "850##", landline: "+1602555####" },
        City { name: "Philadelphia", region: "PA", postal_code: "191##", landline: "+1215555####" },
        City { name: "San Francisco", region: "CA", postal_code: "941##", landline: "+1415555####" },
        City { name: "Seattle", region: "WA", postal_code: "981##", landline: "+1206555####" },
        City { name: "Denver", region: "CO", postal_code: "802##", landline: "+1303555####" },
        City { name: "Boston", region: "MA", postal_code: "021##", landline: "+1617555####" },
        City { name: "Atlanta", region: "GA", postal_code: "303##", landline: "+1404555####" },
        City { name: "Springfield", region: "IL", postal_code: "627##", landline: "+1217555####" },
    ],
    streets: "Main Street,Oak Avenue,Maple Drive,Washington Boulevard,Park Avenue,Elm Street,2nd Street,Lake View Road,\
        Sunset Boulevard,Cedar Lane,Highland Avenue,Market Street,Pine Street,Lincoln Way,Broadway,River Road",
    number_first: true,
    mobile: &["+1646555####", "+1310555####", "+1773555####", "+1832555####", "+1650555####", "+1857555####"],
    legal_forms: &["Inc.", "Inc.", "LLC", "LLC", "Corp.", "Co."],
    tax_id: "%#-#######",
};

pub(super) static BRAZIL: Country = Country {
    code: "BR",
    language: "pt",
    time_zone: "America/Sao_Paulo",
    currency: "BRL",
    share: 3,
    women: "Ana,Maria Eduarda,Beatriz,Júlia,Larissa,Letícia,Fernanda,Camila,Patrícia,Luciana,Adriana,Conceição,Débora,\
        Vitória,Tânia,Simone",
    men: "João,José,Antônio,Francisco,Carlos,Paulo,Pedro,Lucas,Luiz,Marcos,Gabriel,Rafael,Márcio,Fábio,Sérgio,Vinícius",
    families: "Silva,Santos,Oliveira,Souza,Rodrigues,Ferreira,Alves,Pereira,Lima,Gomes,Costa,Ribeiro,Martins,Carvalho,\
        Almeida,Lopes,Soares,Fernandes,Vieira,Barbosa,Rocha,Dias,Nascimento,Araújo,Conceição,Guimarães,da Silva,\
        dos Santos,Gonçalves,Brandão",
    cities: &[
        City { name: "São Paulo", region: "SP", postal_code: "01%##-000", landline: "+5511%#######" },
        City { name: "Rio de Janeiro", region: "RJ", postal_code: "20%##-000", landline: "+5521%#######" },
        City { name: "Belo Horizonte", region: "MG", postal_code: "30%##-000", landline: "+5531%#######" },
        City { name: "Curitiba", region: "PR", postal_code: "80%##-000", landline: "+5541%#######" },
        City { name: "Florianópolis", region: "SC", postal_code: "88%##-000", landline: "+5548%#######" },
    ],
    streets: "Rua das Flores,Avenida Paulista,Rua São João,Rua XV de Novembro,Avenida Brasil,Rua da Consolação,\
        Praça da República,Alameda Santos,Rua José Bonifácio",
    number_first: false,
    mobile: &["+55119########", "+55219########", "+55319########"],
    legal_forms: &["Ltda.", "Ltda.", "S.A."],
    tax_id: "%#.###.###/0001-##",
};
