//! The register's codes of events: what each means and its French label, as the register words it.

use carnet_protocol::payload::{IncidentKind, OwnershipKind};

/// What a code means for a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// An event in its papers.
    Ownership(OwnershipKind),
    /// A step of a damaged-vehicle procedure.
    Incident(IncidentKind),
}

/// Meaning and label of a code; `None` for one that the register has introduced since.
pub fn find(code: &str) -> Option<(Meaning, &'static str)> {
    CODES.binary_search_by_key(&code, |(known, ..)| known).ok().map(|at| (CODES[at].1, CODES[at].2))
}

use IncidentKind::{WreckLifted, WreckProcedure};
use Meaning::{Incident, Ownership};
use OwnershipKind::{
    BackOnRoad, FirstRegistration, Import, Lien, LienLifted, OffRoad, Opposition, OppositionLifted, Other, OwnerChange,
    Suspension,
};

/// Code, meaning, label; sorted by code.
#[rustfmt::skip]
const CODES: [(&str, Meaning, &str); 132] = [
    ("ACTIVATION_COMPT_PART", Ownership(Other), "Activation d'un compte partenaire"),
    ("ADMIN_NOMENC", Ownership(Other), "Administration des nomenclatures"),
    ("ANNULATION", Ownership(Other), "Annulation d'une opération terminée"),
    ("ANNULATION_ETATS_ADMINISTRATIFS", Ownership(Other), "Annulation des états administratifs"),
    ("ANNULATION_OPERATION", Ownership(Other), "Annulation d'une opération"),
    ("ANN_PROG_REQUETE_ANTS", Ownership(Other), "Annulation d'une programmation de requête ANTS"),
    ("ATTRIBUTION_CODE_CONF", Ownership(Other), "Attribution d'un code confidentiel"),
    ("ATT_NUM_USURPATION", Ownership(Other), "Changement d'immatriculation"),
    ("ATT_NUM_USURPATION_CVN", Ownership(Other), "Changement d'immatriculation avec conversion"),
    ("BATCH_VEHICULES_IMPORTES", Ownership(Import), "Fournir des fichiers de véhicules étrangers immatriculés en France"),
    ("CESSION_GAGE", Ownership(Lien), "Cession d'un gage"),
    ("CHANG_LOC", Ownership(Other), "Changement de locataire"),
    ("CHANG_LOC_CVN", Ownership(Other), "Changement de locataire avec conversion"),
    ("CHANG_TIT_DIPLO", Ownership(OwnerChange), "Changement de titulaire en série diplomatique"),
    ("CHANG_TIT_DIPLO_CVN", Ownership(OwnerChange), "Changement de titulaire en série diplomatique avec conversion"),
    ("CHANG_TIT_NORMAL", Ownership(OwnerChange), "Changement de titulaire"),
    ("CHANG_TIT_NORMAL_CVN", Ownership(OwnerChange), "Changement de titulaire et conversion au nouveau format d'immatriculation"),
    ("CHANG_TIT_PREDEMANDE_INTERNET", Ownership(OwnerChange), "Changement de titulaire (Pré-demande par Internet)"),
    ("CONSULT_DOSSIER", Ownership(Other), "Consultation d'un dossier"),
    ("CONVERSION_DOSSIER_FNI", Ownership(Other), "Conversion au nouveau format d'immatriculation"),
    ("CORRECTION_AUTORISATION", Ownership(Other), "Correction des informations sur l'autorisation"),
    ("CORRECTION_DOSSIER", Ownership(Other), "Correction de dossier"),
    ("CORRECTION_SIT_ADMIN", Ownership(Other), "Correction de la situation administrative"),
    ("CORRECTION_TITRE", Ownership(Other), "Correction de l'état de remise du titre"),
    ("CORRECTION_TITULAIRE", Ownership(Other), "Correction des informations du titulaire"),
    ("CORRECTION_VEHICULE", Ownership(Other), "Correction des informations du véhicule"),
    ("CREA_COMPT_CONC", Ownership(Other), "Création d'un concentrateur"),
    ("CREA_COMPT_PART", Ownership(Other), "Création d'un compte partenaire"),
    ("CREA_COMPT_UTIL", Ownership(Other), "Création d'un utilisateur"),
    ("CUMUL_OPERATIONS", Ownership(Other), "Cumul de plusieurs actions"),
    ("DECLARATION_ACHAT", Ownership(Other), "Achat ou reprise par un professionnel"),
    ("DECLARATION_CESSION", Ownership(Other), "Cession (vente)"),
    ("DECLARATION_CESSION_DGME", Ownership(Other), "Déclaration de cession (dématérialisée)"),
    ("DECLARATION_DESTRUCTION", Ownership(OffRoad), "Déclaration d'intention de destruction"),
    ("DECLARATION_PERTE_TITRE", Ownership(Other), "Perte du certificat d'immatriculation"),
    ("DEC_VE", Incident(WreckProcedure), "Procédure de réparation contrôlée"),
    ("DESTRUCTION_VEHICULE", Ownership(OffRoad), "Déclaration de destruction physique"),
    ("DUPLICATA", Ownership(Other), "Duplicata du certificat d'immatriculation"),
    ("EDITION_CPI", Ownership(Other), "Edition d'un CPI"),
    ("EDIT_ETAT_REGIE", Ownership(Other), "Edition d'un état de régie"),
    ("ENR_PROG_REQUETE_ANTS", Ownership(Other), "Enregistrement d'une programmation de requête ANTS"),
    ("EXECUTION_REQUETE_ANTS", Ownership(Other), "Exécution d'une requête ANTS"),
    ("FIN_USAGE_DEMO_FINDEM", Ownership(Other), "Fin d’usage de démonstration"),
    ("FIN_USAGE_DEMO_FINDEM_CVN", Ownership(Other), "Fin d'usage démonstration pour changement d'affectation avec conversion"),
    ("FIN_USAGE_DEMO_VENTE", Ownership(Other), "Fin d'usage démonstration pour vente du véhicule"),
    ("FIN_USAGE_DEMO_VENTE_CVN", Ownership(Other), "Fin d'usage démonstration pour vente du véhicule avec conversion"),
    ("IMMAT_DIPLO_CONFIRMATION", Ownership(Other), "Confirmation d'une immatriculation diplomatique"),
    ("IMMAT_DIPLO_DEMANDE", Ownership(Other), "Demande d'immatriculation diplomatique"),
    ("IMMAT_DIPLO_INFIRMATION", Ownership(Other), "Infirmation d'une immatriculation diplomatique"),
    ("IMMAT_DIPLO_PREM_VO_CONF", Ownership(Import), "Première immatriculation en série diplomatique d'un véhicule d'occasion"),
    ("IMMAT_DIPLO_RETIRER", Ownership(Other), "Retrait d'une immatriculation diplomatique"),
    ("IMMAT_NORMALE", Ownership(FirstRegistration), "Première immatriculation d'un véhicule neuf"),
    ("IMMAT_NORMALE_PREM_ETRANGER", Ownership(FirstRegistration), "Première immatriculation à l'étranger"),
    ("IMMAT_NORMALE_PREM_VO", Ownership(Import), "Première immatriculation d'un véhicule d'occasion"),
    ("IMMAT_NORMALE_SOURCE_INCERTAINE", Ownership(FirstRegistration), "Première immatriculation (source incertaine)"),
    ("IMMAT_PROVISOIRE", Ownership(Other), "Immatriculation provisoire"),
    ("IMMAT_WG", Ownership(Other), "Immatriculation en série W Garage"),
    ("IMMOBILISATION_VEHICULE", Ownership(Suspension), "Immobilisation du véhicule"),
    ("IMMOBILISATION_VEHICULE_ADM", Ownership(Suspension), "Immobilisation administrative du véhicule"),
    ("INCONU_REPRISE", Ownership(Other), "Reprise inconnue"),
    ("INSCRIPTION_GAGE", Ownership(Lien), "Inscription d'un gage"),
    ("INSCRIRE_DVS", Ownership(Opposition), "Inscription d'une déclaration valant saisie"),
    ("INSCRIRE_MSG_SERVICE", Ownership(Other), "Inscription d'un message service"),
    ("INSCRIRE_OPPOSITION", Ownership(Opposition), "Inscription d'une opposition"),
    ("INSCRIRE_OTCI", Ownership(Opposition), "Opposition au transfert du certificat d'immatriculation"),
    ("INSCRIRE_OVE", Ownership(Opposition), "Opposition dans le cadre de la procédure de réparation contrôlée"),
    ("INVA_COMPT_CONC", Ownership(Other), "Retrait d'un concentrateur"),
    ("INVA_COMPT_UTIL", Ownership(Other), "Suppression d'un utilisateur"),
    ("IVN_CARROSSIER_QUALIFIE", Ownership(FirstRegistration), "Immatriculation d'un véhicule neuf avec carrossier qualifié"),
    ("LEVEE_IMMOBILISATION_VEHICULE", Ownership(BackOnRoad), "Levée de l'immobilisation du véhicule"),
    ("LEVER_DVS", Ownership(OppositionLifted), "Levée d'une déclaration valant saisie"),
    ("LEVER_OPPOSITION", Ownership(OppositionLifted), "Levée d'une opposition"),
    ("LEVER_OTCI", Ownership(OppositionLifted), "Fin d'opposition au transfert du certificat d'immatriculation"),
    ("LEVER_OVE", Ownership(OppositionLifted), "Levée d'une opposition véhicule endommagé"),
    ("MAJ_PARAM_FONC", Ownership(Other), "Modification des paramètres fonctionnels"),
    ("MODIFICATION_NOMBRE_GUICHETS", Ownership(Other), "Modification du nombre de guichets"),
    ("MODIFIER_USAGES", Ownership(Other), "Modification d'usage"),
    ("MODIFIER_USAGES_CVN", Ownership(Other), "Modification d'usage avec conversion"),
    ("MODIF_ADRESSE", Ownership(Other), "Modification d'adresse"),
    ("MODIF_ADRESSE_CVN", Ownership(Other), "Modification d'adresse avec conversion"),
    ("MODIF_ADRESSE_DGME", Ownership(Other), "Modification d'adresse (dématérialisée)"),
    ("MODIF_ADRESSE_LOCATAIRE_PRO", Ownership(Other), "Modification d'adresse du locataire"),
    ("MODIF_CARAC_TECH", Ownership(Other), "Modification des caractéristiques techniques"),
    ("MODIF_CARAC_TECH_CVN", Ownership(Other), "Modification des caractéristiques techniques avec conversion"),
    ("MODIF_COMPT_CONC", Ownership(Other), "Modification d'un concentrateur"),
    ("MODIF_COMPT_PART", Ownership(Other), "Modification d'un compte partenaire"),
    ("MODIF_COMPT_UTIL", Ownership(Other), "Modification d'un utilisateur"),
    ("MODIF_DROIT_OPPOSITION", Ownership(Other), "Modification du droit d'opposition"),
    ("MODIF_ETAT_CIVIL", Ownership(Other), "Modification d'état civil"),
    ("MODIF_ETAT_CIVIL_CVN", Ownership(Other), "Modification d'état civil avec conversion"),
    ("OUTREPASSER_CT_EXEMPTION", Ownership(Other), "Outrepasser : soumission au CT"),
    ("OUTREPASSER_CT_EXONERATION", Ownership(Other), "Outrepasser : exonération du contrôle technique"),
    ("OUTREPASSER_EXONERATION_TAXES", Ownership(Other), "Outrepasser : exonération des taxes"),
    ("OUTREPASSER_OTC_INDISPONIBLE", Ownership(Other), "Outrepasser : contrôle OTC indisponible"),
    ("OUTREPASSER_REFCNIT_MENTIONVARIABLE", Ownership(Other), "Outrepasser : Mentions variables du CNIT absentes ou hors limites"),
    ("OUTREPASSER_REFCNIT_RUBVARIABLES", Ownership(Other), "Outrepasser : Saisie de rubriques variables du CNIT hors limites"),
    ("OUTREPASSER_VIN_DOUBLON", Ownership(Other), "Outrepasser : VIN en doublon"),
    ("OUTREPASSER_VIN_NON_CONTROLE", Ownership(Other), "Outrepasser : contrôle du VIN Indisponible"),
    ("OUTREPASSER_VOL", Ownership(Other), "Outrepasser : vol"),
    ("PREM_RAP_VE", Incident(WreckProcedure), "Premier rapport d'expert"),
    ("PROD_DOC", Ownership(Other), "Production de document"),
    ("PROD_TITRE_HORS_DUPLICATA", Ownership(Other), "Production d'un titre hors duplicata"),
    ("PROROG_GAGE", Ownership(Lien), "Prorogation d'un gage"),
    ("PROROG_IMMAT", Ownership(Other), "Prorogation d'une immatriculation provisoire"),
    ("PROROG_USAGE", Ownership(Other), "Prorogation d'usage temporaire"),
    ("PROROG_USAGE_CVN", Ownership(Other), "Prorogation d'usage temporaire avec conversion"),
    ("RADIATION_GAGE", Ownership(LienLifted), "Radiation d'un gage"),
    ("RAD_COMPT_PART", Ownership(Other), "Retrait ou résiliation d'un compte partenaire (antérieure à la V3.0)"),
    ("RECHERCHE_DOSSIERS", Ownership(Other), "Recherche de dossiers"),
    ("REIMMAT_ETRANGER", Ownership(OffRoad), "Déclaration de réimmatriculation à l'étranger"),
    ("RELANCE_PROD_DOC", Ownership(Other), "Relance manuelle d'une production de titre"),
    ("REMISE_CIRC_RETRAIT_VOL", Ownership(BackOnRoad), "Remise en circulation suite à retrait volontaire"),
    ("REMISE_CIRC_SORTIE_TERR", Ownership(BackOnRoad), "Remise en circulation suite à sortie du territoire"),
    ("REMISE_LOT_TITRE", Ownership(Other), "Remise d'un lot de titres"),
    ("REMISE_TITRE_FO", Ownership(Other), "Remise du titre FO"),
    ("REMISE_TITRE_PREF", Ownership(Other), "Remise du titre en préfecture"),
    ("RENOUV_DVS", Ownership(Opposition), "Renouvellement d'une déclaration valant saisie"),
    ("RENOUV_WG", Ownership(Other), "Renouvellement d'un W Garage"),
    ("RENOUV_WG_CVN", Ownership(Other), "Renouvellement d'un W Garage avec conversion"),
    ("REPRISE_DP7_1993", Ownership(Other), "Reprise DP7"),
    ("RESILIATION_COMPT_PART", Ownership(Other), "Resiliation d'un compte partenaire"),
    ("RESTITUTION_TITRE", Ownership(Other), "Restitution du titre au titulaire"),
    ("RETOUR_REIMMAT_ETR", Ownership(BackOnRoad), "Remise en circulation suite à réimmatriculation à l'étranger"),
    ("RETRAIT_COMPT_PART", Ownership(Other), "Retrait d'un compte partenaire"),
    ("RETRAIT_VOLONTAIRE", Ownership(OffRoad), "Retrait de la circulation par le propriétaire"),
    ("SEC_RAP_VE", Incident(WreckLifted), "Second rapport d'expert"),
    ("SORTIE_TERRITOIRE", Ownership(OffRoad), "Déclaration de sortie de territoire"),
    ("SUSPENSION_COMPT_PART", Ownership(Other), "Suspension d'un compte partenaire"),
    ("SUSP_REAC_COMPT_PART", Ownership(Other), "Activation ou suspension d'un compte partenaire (antérieure à la V3.0)"),
    ("SUSP_REAC_COMPT_UTIL", Ownership(Other), "Activation ou suspension d'un utilisateur"),
    ("VEHICULE_REFCNIT_MENTIONVARIABLE", Ownership(Other), "Caractéristiques techniques liées à un CNIT à mentions variables"),
    ("VEHICULE_REFCNIT_RUBVARIABLES", Ownership(Other), "Caractéristiques techniques liées à un CNIT à rubriques variables"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_each_is_found() {
        assert!(CODES.is_sorted_by(|a, b| a.0 < b.0));
        for (code, meaning, label) in CODES {
            assert_eq!(find(code), Some((meaning, label)));
            assert!(!label.is_empty());
        }
    }

    #[test]
    fn what_a_buyer_must_know_is_not_lost_among_other_events() {
        for (code, meaning) in [
            ("IMMAT_NORMALE", Ownership(FirstRegistration)),
            ("CHANG_TIT_NORMAL_CVN", Ownership(OwnerChange)),
            ("INSCRIPTION_GAGE", Ownership(Lien)),
            ("RADIATION_GAGE", Ownership(LienLifted)),
            ("INSCRIRE_OTCI", Ownership(Opposition)),
            ("LEVER_DVS", Ownership(OppositionLifted)),
            ("DEC_VE", Incident(WreckProcedure)),
            ("SEC_RAP_VE", Incident(WreckLifted)),
            ("DESTRUCTION_VEHICULE", Ownership(OffRoad)),
            ("LEVEE_IMMOBILISATION_VEHICULE", Ownership(BackOnRoad)),
            ("MODIF_ADRESSE", Ownership(Other)),
        ] {
            assert_eq!(find(code).map(|(m, _)| m), Some(meaning), "{code}");
        }
        assert_eq!(find("NEUER_CODE"), None);
    }
}
