"""The words the simulator draws from: people, departments, titles, hardware."""

from __future__ import annotations

from typing import Final


def _listed(text: str, separator: str = " ") -> tuple[str, ...]:
    return tuple(text.split(separator))


FIRST: Final = _listed(
    "Mara Jonas Aylin Tobias Ines Rui Beatriz Tiago Leonor Diogo Grace Marcus Priya Daniel Sofia Andre Naomi Ethan "
    "Olivia Caleb Wei Mei Arjun Hana Kenji Siti Farid Lena Felix Katrin Oskar Emre Zeynep Milan Petra Nils Amara "
    "Kofi Chidi Noor Yusuf Elif Clara Hugo Matilde Duarte Iris Victor Rosa Samuel Talia Jude Freya Anton Greta Luis "
    "Carmen Malik Joana Sean Nora Theo Ada Vikram Anjali Hiro Yuki Ravi Deepa Marek Ewa Lukas Stella Pablo Ana Tom "
    "Ruth Ben Julia Simon Nadia Omar Layla Erik Maja Paul Vera Max Ida Rafael Helena Jan Sara David Lucia"
)

LAST: Final = _listed(
    "Okafor Brandt Yilmaz Keller Ferreira Almeida Costa Nunes Pereira Martins Hughes Bennett Sharma Cohen Rossi "
    "Laurent Osei Walker Brooks Murphy Chen Tan Patel Sato Nakamura Rahman Lim Vogel Schuster Winter Lindqvist Demir "
    "Kaya Horvat Novak Berg Mensah Boateng Eze Haddad Aziz Arslan Fontaine Moreau Teixeira Lopes Hansen Petrov Silva "
    "Ramos Ortiz Reyes Jordan Foster Hayes Becker Wolf Krause Seidel Franke Gomes Vieira Khan Iyer Mehta Tanaka Mori "
    "Reddy Nair Kowalski Zielinski Maier Fischer Torres Vega Clark Price Evans Reid Marsh Weiss Roth Stern Kuhn Lang "
    "Sorensen Dahl Holm Park Choi Nguyen Tran Wong Goh Ong Santos Carvalho"
)

DEPARTMENTS: Final = (
    ("Engineering", 0.31),
    ("Sales", 0.17),
    ("Customer Success", 0.14),
    ("Product", 0.11),
    ("Marketing", 0.09),
    ("Finance", 0.07),
    ("IT", 0.06),
    ("People", 0.05),
)

TEAM_WORDS: Final = (
    ("Atlas", "Beacon", "Compass", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Indigo", "Juniper", "Keystone"),
    ("North", "South", "Enterprise", "Mid-market", "Partners", "Public sector"),
    ("Onboarding", "Care", "Renewals", "Premier", "Escalations"),
    ("Core", "Growth", "Platform", "Research", "Design"),
    ("Brand", "Content", "Events", "Web"),
    ("Controlling", "Payroll", "Treasury"),
    ("Networks", "Workplace", "Security"),
    ("Talent", "Learning", "Benefits"),
)

PROJECTS: Final = _listed(
    "Pricing refresh;Data residency;Mobile relaunch;Office move;Single sign-on;Partner portal;Audit readiness;"
    "Search quality;Billing migration;Onboarding revamp;Q4 launch;Incident reviews;Architecture forum;Design critique;"
    "Forecast review;Customer council;Hiring sync;Release planning;Vendor selection;Accessibility;Analytics guild;"
    "Support handover;Website refresh;Cost review;Roadmap sync;Localisation;Reliability guild;API council",
    ";",
)

PROJECT_FORMS: Final = ("", " working group", " steering", " check-in", " open questions")

AD_HOC: Final = _listed(
    "Quick sync;Pairing;Customer call;Demo for a prospect;Interview: backend engineer;Interview: account manager;"
    "Review of the proposal;Bug triage;Contract questions;Design walk-through;Data question;Campaign check-in;"
    "Escalation: slow exports;Workshop preparation;Candidate debrief;Budget questions;Kick-off;Lessons learned;"
    "Whiteboard session;Test plan;Handover;Coffee chat;Roadmap questions;Slides for the board;Rollout check",
    ";",
)

WEBINARS: Final = _listed(
    "Product tour: what's new;Getting started in 30 minutes;Customer story: faster month-end;Security briefing;"
    "Ask the engineers;Partner enablement;Reporting masterclass;Industry outlook;Town hall;Release highlights;"
    "Benefits enrolment explained;Data protection basics",
    ";",
)

ROOMS: Final = _listed(
    "Aurora;Basalt;Cedar;Dune;Estuary;Fjord;Glacier;Heath;Island;Jetty;Kelp;Lagoon;Meadow;Nebula;Oasis;Prairie;Quarry;"
    "Ridge;Savanna;Tundra;Umbra;Valley;Willow;Xenon;Yard;Zephyr;Boulder;Canyon;Delta;Grove;Haven;Marsh;Orchard;Pine;Reef",
    ";",
)

CHANNELS: Final = _listed("general;announcements;random;help-it;lunch;releases;customers;hiring;incidents;wins", ";")

GUEST_DOMAINS: Final = ("example.net", "example.org", "partner.example", "client.example")

MICROPHONES: Final = {
    "Windows": ("Headset Pro 75 (USB)", "Realtek(R) Audio", "Desk Array Mic (USB)", "Headset Lite 20 (Bluetooth)"),
    "Mac": ("MacBook Pro Microphone", "Headset Pro 75 (USB)", "Studio Mic One (USB)", "Earbuds (Bluetooth)"),
    "iOS": ("iPhone Microphone",),
    "Android": ("Built-in Microphone",),
    "Zoom Rooms": ("Ceiling Array M2", "Table Mic Duo", "Room Bar Mic"),
}

SPEAKERS: Final = {
    "Windows": ("Headset Pro 75 (USB)", "Realtek(R) Audio", "Desk Speaker (USB)", "Headset Lite 20 (Bluetooth)"),
    "Mac": ("MacBook Pro Speakers", "Headset Pro 75 (USB)", "Monitor Speakers (USB)", "Earbuds (Bluetooth)"),
    "iOS": ("iPhone Speaker",),
    "Android": ("Built-in Speaker",),
    "Zoom Rooms": ("Ceiling Speakers", "Room Bar", "Wall Speakers 40"),
}

CAMERAS: Final = {
    "Windows": ("Integrated Webcam", "HD Webcam C900", "Integrated Webcam", "HD Webcam C900"),
    "Mac": ("FaceTime HD Camera", "FaceTime HD Camera", "4K Webcam Q2", "FaceTime HD Camera"),
    "iOS": ("Front Camera",),
    "Android": ("Front Camera",),
    "Zoom Rooms": ("Room PTZ Cam", "Room Bar Cam 4K", "Wide Angle Cam"),
}

MODELS: Final = {
    "Windows": ("Dell Inc. Latitude 7440", "LENOVO ThinkPad X1", "HP EliteBook 840", "LENOVO ThinkPad T14"),
    "Mac": ("MacBookPro18,3", "Mac14,2", "Mac15,6", "Mac14,7"),
    "iOS": ("iPhone15,2",),
    "Android": ("Pixel 8",),
    "Zoom Rooms": ("Intel NUC 11", "Room Kit Compute", "Mac mini"),
}
