using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.CertificateAuthorities;

/// <summary>What is wrong with a CA, in sentences. Who gets in and should not comes first.</summary>
internal static class CAFindings
{
    private const string Active = "ACTIVE";

    public static IEnumerable<Finding> OfNotes(string caId, ConnectorMetadata? note, ConnectorException? unreadable)
    {
        if (unreadable is not null)
        {
            yield return new Finding(
                "notes_unreadable", unreadable.Message, "Until then the connector neither registers this CA nor takes it out of AWS on request.");
        }

        if (note?.HasBothKeys == true)
        {
            yield return new Finding(
                "both_keys",
                $"CA {caId} carries this connector's data under both metadata keys; '{note.Key}' counts.",
                "Remove the other key from the CA's metadata.");
        }
    }

    /// <param name="isReadable">Whether the notes could be read: nothing is said of notes that are only unreadable.</param>
    public static IEnumerable<Finding> Of(CAView view, bool isReadable) => view.Aws is { } aws ? OfRegistered(view, aws, isReadable)
        : isReadable ? OfMissing(view)
        : [];

    private static IEnumerable<Finding> OfRegistered(CAView view, CAInAws aws, bool isReadable)
    {
        var ca = $"CA {view.CAId}";
        var isShutOut = LamassuStatus.ShutOut(view.Lamassu.Status, view.Lamassu.RevocationReason) is not null;
        if (isShutOut && (aws.Status == Active || aws.AutoRegistration))
        {
            yield return new Finding(
                "revoked_but_active",
                $"{ca} is {view.Lamassu.Status} in Lamassu and lets devices into AWS still ({aws.Status}, auto-registration {OnOff(aws.AutoRegistration)}).",
                $"If its event is not handled within minutes, take it out: DELETE {Route(view)}.");
        }
        else if (view.Note?.RemovedTime is { } removedTime && aws.Status == Active)
        {
            yield return new Finding(
                "removed_but_active",
                $"{ca} was taken out of AWS at {removedTime} and is ACTIVE there.",
                $"Take it out again (DELETE {Route(view)}), or ask for it (POST {Route(view)}).");
        }
        else if (aws.Status != Active && !isShutOut)
        {
            yield return OfInactive(view, ca);
        }

        foreach (var finding in (isReadable ? OfNote(view, aws, ca) : []).Concat(OfTemplate(view, aws, ca)))
        {
            yield return finding;
        }
    }

    private static Finding OfInactive(CAView view, string ca) => view.Note switch
    {
        { RemovedTime: { } time } => new Finding(
            "removed", $"{ca} was taken out of AWS at {time}: it is INACTIVE and lets no new device in.", $"To bring it back: POST {Route(view)}."),
        { DeactivatedTime: { } time } => new Finding(
            "not_activated_again",
            $"{ca} was set INACTIVE in AWS at {time}, as it was shut out in Lamassu, where it is {view.Lamassu.Status} now.",
            $"If its event is not handled within minutes, ask for it: POST {Route(view)}."),
        _ => new Finding(
            "inactive_by_others",
            $"{ca} is {view.Lamassu.Status} in Lamassu and INACTIVE in AWS, and not by this connector; no device of it can be registered.",
            "Find out who set it so. The connector leaves it; set it ACTIVE in AWS if its devices should be let in."),
    };

    private static IEnumerable<Finding> OfNote(CAView view, CAInAws aws, string ca)
    {
        var post = $"POST {Route(view)} with primary_account: {(aws.CertificateMode == "DEFAULT" ? "true" : "false")}";
        if (view.Note is not { } note)
        {
            yield return new Finding("notes_lost", $"{ca} is registered in AWS and its metadata do not say so.", $"{post} writes them again.");
            yield break;
        }

        if (note.Status == "succeeded" && note.PrimaryAccount is { } isPrimary && isPrimary != (aws.CertificateMode == "DEFAULT"))
        {
            yield return new Finding(
                "other_mode",
                $"{ca} is registered in AWS in mode {aws.CertificateMode}, and its metadata say primary_account: {(isPrimary ? "true" : "false")}.",
                $"If {aws.CertificateMode} is right: {post}. Else delete the CA certificate in AWS and ask for its registration.");
        }

        if (note.Status == "requested" || (note.Status == "failed" && note.RemovedTime is null))
        {
            yield return new Finding(
                "noted_otherwise",
                $"{ca} is registered in AWS, and its metadata say {note.Status}{Reason(note)}",
                $"{post} notes what is there; in the other mode it has to be deleted in AWS first.");
        }

        if ((note.CertificateId is { } id && id != aws.CertificateId) || (note.Arn is { } arn && arn != aws.Arn))
        {
            yield return new Finding(
                "notes_differ",
                $"The metadata of {ca} name {note.Arn ?? note.CertificateId}, and its certificate is {aws.Arn} in AWS.",
                $"{post} corrects them.");
        }
    }

    private static IEnumerable<Finding> OfTemplate(CAView view, CAInAws aws, string ca)
    {
        if (aws.Template is { } template && template.DmsId is null)
        {
            yield return new Finding(
                "template_of_others",
                $"{ca} carries {(template.Name is { } name ? $"provisioning template {name}" : "a template without a name")}, "
                    + "which is no DMS's of this connector.",
                "A CA has one template. For just-in-time provisioning by a DMS take it away in AWS, or give the DMS another CA; else leave it.");
        }

        if (aws is { AutoRegistration: true, Template: null })
        {
            yield return new Finding(
                "auto_registration_without_template",
                $"AWS takes in devices of {ca} when they connect, and has no template for them: they stay PENDING_ACTIVATION.",
                "Switch auto-registration off in AWS, or set up just-in-time provisioning for a DMS (PUT /v1/dms/{dmsId}/jitp-template).");
        }
    }

    private static IEnumerable<Finding> OfMissing(CAView view)
    {
        var ca = $"CA {view.CAId}";
        if (LamassuStatus.ShutOut(view.Lamassu.Status, view.Lamassu.RevocationReason) is not null && view.Note?.Status != "succeeded")
        {
            yield break;
        }

        yield return view.Note switch
        {
            { Status: "succeeded" } => new Finding(
                "registered_in_notes_only",
                $"The metadata of {ca} say that it is registered ({view.Note.Arn}), and this AWS account and region do not have it.",
                "It was deleted in AWS, the CA was reissued, or the connector has another account or region than before (GET /v1/connectors). "
                    + $"Register it: POST {Route(view)}."),
            { Status: "requested" } note => new Finding(
                "registration_pending",
                $"The registration of {ca} is asked for and not done{Reason(note)}",
                $"It is tried again by its event; to try at once: POST {Route(view)}."),
            { RemovedTime: not null } => new Finding("removed", $"The registration of {ca} was withdrawn.", $"To register it: POST {Route(view)}."),
            { Status: "failed" } note => new Finding(
                "registration_failed", $"The registration of {ca} failed{Reason(note)}", $"Mend what it says, then POST {Route(view)}."),
            _ => new Finding(
                "not_registered", $"{ca} is not registered in this AWS account and region; no device of it can come.", $"If it should be: POST {Route(view)}."),
        };
    }

    private static string Reason(CARegistrationNote note) => note.Error is { } error ? $": {error}" : ".";

    private static string OnOff(bool on) => on ? "on" : "off";

    private static string Route(CAView view) => $"/v1/cas/{Uri.EscapeDataString(view.CAId)}/register-aws";
}
