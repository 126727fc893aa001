/** Words that guessed passwords are built from, in a few languages. Our own list: what people call themselves, love, do and see on the screen. */
export const commonWords: ReadonlySet<string> = new Set(
  `
  password passwort passwd passwords pass motdepasse contrasena contrasenya senha parola haslo wachtwoord losenord salasana kodeord geheim secret secrets secreto secure security
  admin administrator root user username guest login logon default test tester testing demo sample example temp temporary changeme changeit letmein welcome willkommen bienvenue benvenuto
  open opensesame sesame access enter entry start hello hallo bonjour hola ciao hey goodbye please thanks thankyou whatever nothing something anything everything
  qwerty qwertz azerty asdf asdfgh zxcvb zxcvbn qazwsx qaz wsx abc abcd abcde abcdef xyz
  love lover lovely loveme loveyou iloveyou iloveu ilove you me my the one only forever always teamo tequiero jetaime amor amore amour liebe schatz mylove baby babygirl babyboy honey sweet sweety sweetie sweetheart angel angels darling princess prince queen king
  monkey dragon tiger tigers lion lions eagle eagles bear bears wolf wolves panther puma shark dolphin dolphins horse horses pony unicorn rabbit bunny kitty kitten cat cats dog dogs doggy puppy bird birds fish snake spider turtle elephant penguin butterfly chicken duck mouse hamster falcon hawk phoenix
  football fussball futbol soccer baseball basketball hockey tennis golf golfer cricket rugby swimming swimmer running runner runners run cycling cyclist bike biker marathon triathlon fitness gym health healthy workout training trainer yoga dance dancer skiing snowboard surfer surfing skater boxing karate fishing hunter hunting racing sport sports
  tributary strava garmin fitbit polar oura whoop withings suunto coros wahoo apple samsung google android iphone microsoft windows linux ubuntu computer internet server network system office adobe photoshop oracle cisco yahoo gmail hotmail facebook instagram twitter youtube amazon netflix pokemon nintendo playstation xbox minecraft fortnite roblox
  superman batman spiderman ironman starwars startrek jedi yoda vader skywalker matrix gandalf frodo hobbit hogwarts potter harrypotter naruto sasuke goku zelda mario sonic pikachu hulk joker thor rocky rambo terminator godzilla simpson snoopy mickey minnie disney
  master masters killer shadow ghost ninja samurai warrior knight wizard legend hero soldier sniper hacker boss chief captain pirate viking spartan champion winner player gamer
  sunshine sun moon star stars sky heaven rainbow flower flowers rose roses summer winter spring autumn january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday christmas birthday holiday vacation party
  red blue green yellow orange purple pink black white silver gold golden grey gray brown color colour diamond crystal pearl ruby
  chocolate cookie cookies cheese pizza pasta banana apples cherry strawberry lemon peach pepper ginger sugar candy coffee pepsi cocacola coke beer wine vodka whiskey guinness
  mother father mum mom mama papa dad daddy brother sister family friend friends bestfriend grandma grandpa children child kids girl girls boy boys woman man men lady wife husband
  michael jordan jennifer jessica ashley amanda daniel david robert thomas william james john johnny george charlie charles andrew andrea anthony matthew joshua joseph joe christopher chris christian kevin brian jason justin ryan eric steven steve stephen mark paul peter patrick richard martin alex alexander alexandra andreas max maximilian oliver oscar jack jackson harry henry sam samantha samuel sarah sara laura lauren emma emily hannah anna anne maria marie mary michelle nicole melissa stephanie elizabeth rebecca rachel sophie sofia lisa julia julie katie kate charlotte lucas leon felix simon tim tom tobias sebastian stefan florian marcel pascal nicolas louis antoine pierre jean francois carlos jose juan luis miguel antonio manuel francesco giuseppe marco andrej ivan olga natasha dmitri ali ahmed mohamed mohammed fatima omar hassan yusuf kumar rahul priya wang li zhang chen yuki sakura
  london paris berlin madrid roma rome lisbon vienna wien zurich amsterdam brussels moscow newyork chicago boston dallas texas california florida america american canada england scotland ireland france germany deutschland italia italy spain espana portugal brasil brazil mexico india china japan korea russia australia africa europe
  liverpool arsenal chelsea manchester united barcelona realmadrid juventus milan bayern borussia schalke celtic rangers yankees cowboys lakers steelers packers
  ferrari porsche mercedes bmw audi toyota honda yamaha suzuki ducati kawasaki harley mustang corvette camaro chevy ford nissan subaru volvo jaguar
  music musik guitar piano drummer metallica nirvana eminem beatles elvis slipknot rockstar rocknroll hiphop metal punk jazz techno
  jesus christ god lord bless blessed blessing faith hope grace freedom peace spirit church bible trinity
  fuck fucking fuckyou fuckme fuckoff shit bullshit bitch asshole dick pussy sexy sex porn biteme suckit damn crap
  money dollar cash rich lucky luck casino poker million business company manager work job school college university student teacher doctor nurse police army marine navy military
  home house garden kitchen door window key keys car truck train plane airplane boat ship travel world earth planet space galaxy universe ocean beach island mountain river water fire thunder lightning storm snow ice wind
  power energy super mega ultra hyper turbo magic mystic secretkey private public trust trustno trustnoone nobody noone someone remember forget forgot forgotten lost hidden
  big small little hot cool cold fast slow good great best better nice cute happy crazy funny stupid smart strong beautiful pretty perfect awesome fantastic amazing simple easy hard new old first last number
  live life death dead alive dream dreams dreamer smile fun joy game games play movie video photo camera phone mobile radio television book letter word words
  is and are for not no yes yeah okay in on at of to be do it we us our your his her this that now then here there who what why how
  `
    .split(/\s+/)
    .filter(Boolean),
)
