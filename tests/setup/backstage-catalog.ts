/** Entities of the shapes that clients filter by: dots in keys, lists, capitals, missing titles, relations both ways. */
export const CATALOG = `
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-a, title: Team A}
spec: {type: team, profile: {displayName: The A team}, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: jo}
spec: {memberOf: [team-a], profile: {displayName: Jo Ann}}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop, description: Sells things}
spec: {owner: team-a}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: CartService
  title: Shopping cart
  tags: [java, go]
  labels: {tier: "1", example.com/region: EU}
  annotations: {github.com/project-slug: Acme/Cart, example.com/on: "true"}
  links: [{url: "https://example.com/cart", title: Cart}]
spec:
  type: service
  lifecycle: Production
  owner: team-a
  system: shop
  providesApis: [cart]
  dependsOn: [resource:cart-db, component:ledger]
  extra: {deep: [{flag: true, level: 3}, {level: 4}], empty: null}
---
apiVersion: backstage.io/v1beta1
kind: Component
metadata: {name: ledger, namespace: finance, tags: [java], description: Books}
spec: {type: library, lifecycle: experimental, owner: group:default/team-a, subcomponentOf: component:default/cartservice}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ledger}
spec: {type: service, lifecycle: production, owner: user:jo, consumesApis: [cart]}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: cart, title: "100% cart_api"}
spec: {type: openapi, lifecycle: production, owner: team-a, definition: "openapi: 3.1.0"}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: cart-db, tags: [db]}
spec: {type: database, owner: team-a, dependencyOf: [component:ledger]}
---
apiVersion: example.com/v1
kind: Wiki
metadata: {name: handbook, title: Ledger of everything}
spec: {type: Manual}
`;
