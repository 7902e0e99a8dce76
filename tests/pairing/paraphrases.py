"""Goals of mentees and what mentors say they can help with: the same matter in other words, written for this purpose.

The two of a pair share hardly a word that carries meaning; a goal with any other pair's offer is a stranger to it.
"""

PARAPHRASES = (
    (
        "I dread speaking in front of elected members at committee.",
        "Presenting with confidence to councillors in public session.",
    ),
    (
        "My budget never balances by the end of the year and I do not understand the forecasts.",
        "I have kept departmental spending on track and read financial projections for twenty years.",
    ),
    (
        "How do I tell somebody in my team that their work is not good enough?",
        "Handling underperformance: honest feedback and difficult conversations with staff.",
    ),
    (
        "I would like to apply for a head of service post within two years.",
        "Preparing for promotion: applications, interviews and stepping up to senior management.",
    ),
    (
        "Residents shout at us at every consultation about the new cycle lanes.",
        "Engaging hostile communities over street schemes and traffic changes.",
    ),
    (
        "We still do everything on paper and I want to bring in online forms.",
        "Led the digital transformation of customer services, from post to web.",
    ),
    (
        "Getting more households to sort their rubbish.",
        "Raising recycling rates through behaviour change campaigns.",
    ),
    (
        "I come back from maternity leave and feel that I have lost my place.",
        "Returning to work after a career break and rebuilding confidence as a parent.",
    ),
    (
        "How can a tiny authority keep up with cyber attacks?",
        "Information security for small organisations on little money.",
    ),
    (
        "The waiting list for homes gets longer and we place families in hotels.",
        "Cutting the use of temporary accommodation for homeless people.",
    ),
    (
        "I want to understand how decisions are really made between politicians and officers.",
        "Political acumen: working with the administration and the opposition.",
    ),
    (
        "I work every evening and I am close to burning out.",
        "Looking after oneself: resilience, boundaries and a sane workload.",
    ),
    (
        "Nobody applies when we advertise for planners.",
        "Recruiting and keeping scarce professionals in development control.",
    ),
    (
        "I would like to write shorter reports that people read.",
        "Clear plain writing of briefings and papers.",
    ),
    (
        "Our high street is full of empty shops.",
        "Town centre regeneration and bringing traders back.",
    ),
    (
        "I have never negotiated with a big contractor and the deal is up for renewal.",
        "Procurement of major agreements and getting value from suppliers.",
    ),
    (
        "I am the only woman in the engineering depot.",
        "Being in a minority in a technical workplace, and making it more inclusive.",
    ),
    (
        "How do I measure whether our youth clubs make any difference?",
        "Evaluating the outcomes of programmes for young people.",
    ),
    (
        "The river came into the town twice last winter.",
        "Emergency planning and recovery after flooding.",
    ),
    (
        "I have to cut a tenth of my spending without closing libraries.",
        "Finding savings in cultural services while protecting the front line.",
    ),
    (
        "We want to reach net zero but own two hundred old buildings.",
        "Decarbonising a public estate: heat pumps, insulation, funding.",
    ),
    (
        "I would like to lead people who were my colleagues until last week.",
        "Moving from peer to manager for the first time.",
    ),
    (
        "Our data sits in eleven systems that do not talk to each other.",
        "Joining up information and building dashboards from many sources.",
    ),
    (
        "Older people come home from hospital and there is no help for them.",
        "Adult social care: discharge, reablement and support at home.",
    ),
    (
        "How can the council and the health service stop working against each other?",
        "Building partnerships with the NHS and other public bodies.",
    ),
    (
        "I want to know whether a chatbot is worth it for our contact centre.",
        "Using artificial intelligence responsibly to answer enquiries.",
    ),
    (
        "I lose my thread when I chair a meeting with loud people in it.",
        "Facilitation and keeping difficult groups in order.",
    ),
    (
        "The press rang me at home about the school closure.",
        "Media relations and communication in a crisis.",
    ),
    (
        "We have a merger with the neighbouring district ahead of us.",
        "Local government reorganisation and bringing two workforces together.",
    ),
    (
        "I find it hard to say what I want from my working life.",
        "Career coaching: finding direction and values.",
    ),
    (
        "Fly-tippers know that we never catch them.",
        "Enforcement against environmental crime: evidence, fines and prosecution.",
    ),
    (
        "Every objection drags our local plan out for another year.",
        "Steering planning policy through examination and inquiry.",
    ),
    (
        "Children in our care move placement far too often.",
        "Fostering, stability for looked-after young people and support to carers.",
    ),
    (
        "I would like to run a project that finishes on time for once.",
        "Project management: plans, risks, milestones and delivery.",
    ),
    (
        "I know my subject, but my director does not listen to me.",
        "Influencing upwards and gaining the trust of the chief executive.",
    ),
    (
        "We are asked for a business case for the leisure centre and have never written one.",
        "Making the investment argument for sports facilities.",
    ),
)
