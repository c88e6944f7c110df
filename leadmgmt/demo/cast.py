"""Who and what there is: Northlight, maker of scheduling software for field service teams."""

from dataclasses import dataclass

FIRM = "Northlight"
CURRENCY = "EUR"
TIME_ZONE = "Europe/Athens"


@dataclass(frozen=True)
class Person:
    """A member of the workspace."""

    key: str
    name: str
    role: str


@dataclass(frozen=True)
class Habit:
    """How a rep works: share of the whole, hours to the first attempt, how often forgotten."""

    share: float
    hours: float
    forgets: float
    wins: float


PEOPLE = (
    Person("admin", "Ada Lindqvist", "admin"),
    Person("marketer", "Mara Costa", "marketer"),
    Person("manager", "Max Brandt", "manager"),
    Person("rep", "Rita Moss", "rep"),
    Person("rob", "Rob Tanaka", "rep"),
    Person("sofia", "Sofia Petrou", "rep"),
    Person("dmytro", "Dmytro Koval", "rep"),
    Person("analyst", "Ana Silva", "analyst"),
    Person("closer", "Clara Nyström", "closer"),
)

HABITS = {
    "rep": Habit(share=0.30, hours=1.5, forgets=0.01, wins=0.48),
    "rob": Habit(share=0.28, hours=4.0, forgets=0.04, wins=0.42),
    "sofia": Habit(share=0.22, hours=6.5, forgets=0.12, wins=0.36),
    "dmytro": Habit(share=0.20, hours=2.5, forgets=0.03, wins=0.44),
}


@dataclass(frozen=True)
class Effort:
    """A campaign: how it is paid for, whom it brings and how good they are (0 to 1)."""

    key: str
    name: str
    channel: str
    source: str
    medium: str
    lever: str
    monthly_cost: int  # whole euros
    weight: float  # share of all leads
    quality: float
    visits_per_lead: int
    months: tuple[int, int] = (0, 12)  # from, to: months since the story began


EFFORTS = (
    Effort("brand-search", "Brand search", "paid_search", "google", "cpc", "ads",
           3_200, 0.20, 0.60, 9),
    Effort("field-guide", "Field service guide", "content", "google", "organic", "content",
           1_800, 0.22, 0.52, 14),
    Effort("linkedin-ops", "LinkedIn: heads of operations", "ads", "linkedin", "paid_social",
           "ads", 4_100, 0.14, 0.48, 11),
    Effort("monthly-letter", "Monthly letter", "newsletter", "newsletter", "email", "email",
           400, 0.09, 0.50, 6),
    Effort("routing-webinar", "Webinar: routes that hold", "webinar", "webinar", "event",
           "content", 900, 0.10, 0.66, 4, (3, 11)),
    Effort("service-expo", "Service Expo", "fair", "service expo", "fair", "events",
           14_000, 0.07, 0.56, 1, (6, 7)),
    Effort("partner-referral", "Partner referrals", "referral", "partner", "referral",
           "suppliers", 600, 0.06, 0.82, 3),
    Effort("directory-list", "Directory of service firms", "file", "bought file", "file",
           "files", 2_500, 0.12, 0.18, 0, (8, 10)),
)  # fmt: skip

SHARED_COSTS = (
    ("staff", "Marketing team", 9_500),
    ("software", "Tools and analytics", 850),
    ("site", "Website and hosting", 650),
)

PAGES = (
    ("/", "Northlight: routes that hold", 0.28),
    ("/product/scheduling", "Scheduling", 0.16),
    ("/product/mobile-app", "The app for technicians", 0.12),
    ("/customers", "Customers", 0.10),
    ("/blog/first-time-fix-rate", "What moves the first-time fix rate", 0.12),
    ("/blog/planning-board", "Why the planning board fails at forty people", 0.10),
    ("/pricing", "Pricing", 0.05),
)
DEMO_PAGE = ("/demo", "Book a demo")

INDUSTRIES = (
    "Heating and cooling", "Lifts", "Medical devices", "Telecoms", "Energy", "Facility services",
    "Water", "Machine building", "Security systems", "Vending",
)  # fmt: skip
COUNTRIES = (
    ("Germany", 0.28, "de", "+4930"), ("Greece", 0.16, "gr", "+30210"),
    ("Ukraine", 0.10, "ua", "+38044"), ("Netherlands", 0.14, "nl", "+3120"),
    ("Poland", 0.12, "pl", "+4822"), ("Spain", 0.10, "es", "+3491"),
    ("United Kingdom", 0.10, "co.uk", "+4420"),
)  # fmt: skip
CITIES = {
    "Germany": ("Berlin", "Hamburg", "Munich", "Leipzig"),
    "Greece": ("Athens", "Thessaloniki", "Patras"),
    "Ukraine": ("Kyiv", "Lviv", "Dnipro"),
    "Netherlands": ("Utrecht", "Rotterdam", "Eindhoven"),
    "Poland": ("Warsaw", "Wrocław", "Gdańsk"),
    "Spain": ("Madrid", "Valencia", "Bilbao"),
    "United Kingdom": ("Leeds", "Bristol", "Glasgow"),
}
FIRST_NAMES = (
    "Anna", "Jonas", "Katerina", "Nikos", "Olena", "Andriy", "Marta", "Piotr", "Lucía", "Diego",
    "Emma", "Oliver", "Femke", "Daan", "Ioanna", "Giorgos", "Yulia", "Taras", "Lena", "Felix",
    "Agnieszka", "Tomasz", "Carmen", "Javier", "Sophie", "Harry", "Sanne", "Bram", "Eleni",
    "Dimitris", "Oksana", "Viktor", "Nina", "Paul", "Zofia", "Jakub", "Elena", "Pablo", "Grace",
    "Jack", "Ольга", "Марко", "Δήμητρα", "Κώστας",
)  # fmt: skip
LAST_NAMES = (
    "Keller", "Weber", "Papadaki", "Ioannou", "Shevchenko", "Bondar", "Nowak", "Wójcik", "García",
    "Moreno", "Clarke", "Hughes", "de Vries", "Bakker", "Makris", "Vlachos", "Kovalenko", "Lysenko",
    "Fischer", "Brandt", "Kowalska", "Zieliński", "Romero", "Navarro", "Evans", "Walsh", "Visser",
    "Smit", "Georgiou", "Alexiou", "Tkachenko", "Marchenko", "Vogel", "Krause", "Lewandowski",
    "Ortega", "Palmer", "Reid", "Jansen", "Mulder",
)  # fmt: skip
FIRM_FIRST = (
    "Nord", "Alpen", "Aegean", "Dnipro", "Vistula", "Iberia", "Thames", "Polder", "Blue", "Prime",
    "Terra", "Luna", "Delta", "Vega", "Orion", "Atlas", "Baltic", "Meridian", "Castell", "Hansa",
)  # fmt: skip
FIRM_LAST = (
    "Klima", "Lifts", "Medtech", "Telecom", "Energy", "Facility", "Aqua", "Machines", "Secure",
    "Service",
)  # fmt: skip
TITLES = (
    ("Head of operations", 0.16, 1.0), ("Service manager", 0.12, 0.8),
    ("Managing director", 0.09, 1.0), ("Service planner", 0.14, 0.5),
    ("Field technician", 0.12, 0.2), ("IT specialist", 0.12, 0.5), ("Dispatcher", 0.12, 0.4),
    ("Student", 0.05, 0.0), ("", 0.09, 0.4),
)  # fmt: skip
FREE_MAIL = ("gmail.com", "outlook.com", "gmx.de", "ukr.net")

LOST_REASONS = (
    "Chose a competitor", "No budget this year", "Project was stopped", "Stayed with spreadsheets",
)  # fmt: skip
REJECTED_REASONS = ("Student project", "Too small: two technicians", "Competitor", "Wrong number")

# What people say when they are asked: question and answer → words.
ANSWERS = {
    "budget yes": ("12,000 a year are set aside", "Comes out of the service budget"),
    "budget partly": ("Asked for, decided in two weeks", "Half of it this year"),
    "budget no": ("Nothing before next year",),
    "authority yes": ("Signs alone up to 20,000", "Decides with the head of service"),
    "authority partly": ("Prepares it, the board signs",),
    "authority no": ("Only collects offers",),
    "need yes": ("Two technicians a day drive for nothing", "The auditor wants proof of visits"),
    "need partly": ("The spreadsheet still does, just about",),
    "timing yes": ("Before the season starts", "Contract of the old tool ends in spring"),
    "timing partly": ("This year, if nothing comes between",),
    "timing no": ("Not before the merger is through",),
}
