// The demo company Fellside as its identity provider knows it: who there is, and in which groups.

export const DEMO_ISSUER = "urn:waymark:demo";
export const DEMO_ORGANISATION = "Fellside";

export const DEMO_TEAMS = [
  { name: "commerce", title: "Commerce", parent: null },
  { name: "foundations", title: "Foundations", parent: null },
  { name: "checkout", title: "Checkout", parent: "commerce" },
  { name: "search", title: "Search", parent: "commerce" },
  { name: "payments", title: "Payments", parent: "commerce" },
  { name: "growth", title: "Growth", parent: "commerce" },
  { name: "platform", title: "Platform", parent: "foundations" },
  { name: "identity", title: "Identity", parent: "foundations" },
] as const;

export interface DemoPerson {
  handle: string;
  name: string;
  groups: string[];
}

/** Somebody whom the sign-in page offers, with what they are and what to try as them. */
export interface DemoGuide extends DemoPerson {
  introduction: string;
  purpose: string;
}

const GUIDES: DemoGuide[] = [
  { handle: "ada", name: "Ada Lind", groups: ["checkout"], introduction: "Engineer, checkout", purpose: "Get an environment, follow a run" },
  { handle: "bo", name: "Bo Okafor", groups: ["search"], introduction: "Engineer, search", purpose: "See another team's view of the same platform" },
  { handle: "olga", name: "Olga Marin", groups: ["checkout", "checkout:owners"], introduction: "Team owner, checkout", purpose: "Extend and delete what the team runs" },
  { handle: "max", name: "Max Huber", groups: ["commerce", "commerce-managers"], introduction: "Manager, Commerce", purpose: "See what four teams have running" },
  { handle: "pat", name: "Pat Rivera", groups: ["platform", "platform-admins"], introduction: "Platform admin", purpose: "Manage people, rules and settings, read the audit log" },
];

const FIRST =
  "Amal Bea Chen Dina Emil Farah Goran Hana Ivo Jun Kaja Liam Mina Noor Otto Pia Quinn Rosa Sven Tariq Uma Vera Wim Yara Zoe Ari Bruno Clara Diego Elif Filip Greta Hugo Ines Jonas Keiko Luca Maya Nils Oksana Paulo Rania Sofia Tomas Ulrich Valentina Wanda Xenia Yusuf Zainab Anton Birgit".split(
    " ",
  );
const LAST =
  "Adeyemi Berg Costa Dahl Endo Ferreira Garcia Haddad Ivanov Jensen Kowalski Larsen Moreau Novak Olsen Petrov Quist Rossi Sato Tanaka Ueda Vargas Weber Xu Yilmaz Zhang Almeida Brandt Castro Dubois Eriksen Fischer Gruber Horvat Iyer Janssen Keller Lopez Meyer".split(
    " ",
  );
/** The least common multiple of 52 first and 39 last names: as many people, and no two of the same name. */
const COLLEAGUES = 156;
const WORKING_TEAMS = DEMO_TEAMS.filter((team) => team.parent !== null).map((team) => team.name);
const ownersOf = (team: string) => `${team}:owners`;

function colleagues(): DemoPerson[] {
  return Array.from({ length: COLLEAGUES }, (_, i) => {
    const name = `${FIRST[i % FIRST.length]} ${LAST[i % LAST.length]}`;
    const team = WORKING_TEAMS[i % WORKING_TEAMS.length] ?? "platform";
    // Checkout has Olga; every other team has its first colleague.
    const owns = i < WORKING_TEAMS.length && team !== "checkout";
    return { handle: name.toLowerCase().replace(" ", "."), name, groups: owns ? [team, ownersOf(team)] : [team] };
  });
}

/** The people that the sign-in page offers. */
export const DEMO_GUIDES = GUIDES;

/** Everybody, about 160 people; the same at each start. */
export const DEMO_PEOPLE: DemoPerson[] = [...GUIDES, ...colleagues()];

interface DemoRule {
  value: string;
  team: string | null;
  membership: "member" | "owner" | null;
  role: "manager" | "platform-admin" | null;
}

/** How the provider's groups become teams and roles; the demo company's rule list. */
export const DEMO_RULES: DemoRule[] = [
  ...DEMO_TEAMS.map((team) => ({ value: team.name, team: team.name, membership: "member" as const, role: null })),
  ...WORKING_TEAMS.map((team) => ({ value: ownersOf(team), team, membership: "owner" as const, role: null })),
  { value: "commerce-managers", team: null, membership: null, role: "manager" as const },
  { value: "platform-admins", team: null, membership: null, role: "platform-admin" as const },
];
