using System.Text.RegularExpressions;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>
/// Fact 7: a provisioning template exists for each DMS in mode <c>jitp</c>, with the body it asks for, and for no DMS in another mode or deleted; where the key
/// vanished it may remain, disabled.
/// </summary>
internal static partial class ProvisioningTemplates
{
    private const int Number = 7;

    public static IEnumerable<Fact> Check(FactInput input)
    {
        var claimed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var dms in input.Lamassu.Dmss.Where(dms => dms.Text("id") is not null).OrderBy(dms => dms.Text("id"), StringComparer.Ordinal))
        {
            var dmsId = dms.Text("id")!;
            var settings = ConnectorNotes.Dms(dms, input.Lamassu.ConnectorId);
            if (settings.Mode == RegistrationMode.Jitp)
            {
                var name = FindName(input, dmsId, settings, claimed);
                claimed.Add(name ?? dmsId);
                if (name is not null || input.History.WasToldOfDms(dmsId))
                {
                    yield return CheckAsked(input, dmsId, settings, name);
                }
            }
            else if (!ConnectorNotes.HasKey(dms, input.Lamassu.ConnectorId) && input.History.WasEver(dmsId, RegistrationMode.Jitp) && input.Aws.Templates.TryGetValue(dmsId, out var left))
            {
                claimed.Add(dmsId);
                yield return Fact.Check(
                    Number, $"template {dmsId}", !left.Enabled, "enabled", "disabled or gone, since its DMS lost the connector's key", () => input.History.NotHandled(LamassuKind.Dms, dmsId));
            }
        }

        foreach (var name in input.Aws.Templates.Keys.Where(name => !claimed.Contains(name)).Order(StringComparer.Ordinal))
        {
            var why = input.Lamassu.Dms(name) is null ? "no DMS of this name" : "its DMS is not in mode jitp";
            yield return Fact.Broken(Number, $"template {name}", "there", $"gone: {why}", input.History.NotHandled(LamassuKind.Dms, name));
        }
    }

    private static Fact CheckAsked(FactInput input, string dmsId, DmsSettings settings, string? name)
    {
        var template = name is null ? null : input.Aws.Templates[name];
        var wrong = template is null ? "missing" : Wrong(template, settings);
        return Fact.Check(
            Number, $"template of DMS {dmsId}", wrong is null, wrong ?? "",
            $"type JITP, {(settings.TemplateEnabled ? "enabled" : "disabled")}, groups [{string.Join(", ", settings.Groups)}], policies [{string.Join(", ", settings.Policies.Select(policy => policy.Name))}]",
            () => input.History.NotHandled(LamassuKind.Dms, dmsId));
    }

    private static string? Wrong(AwsTemplate template, DmsSettings settings) =>
        template.Type != "JITP" ? $"of type {template.Type}"
        : template.Enabled != settings.TemplateEnabled ? template.Enabled ? "enabled" : "disabled"
        : settings.ProvisioningRoleArn is { } role && template.ProvisioningRoleArn != role ? $"with role {template.ProvisioningRoleArn}"
        : TemplateBody.Read(template.Body)?.DoesWhat(settings) != true ? $"with body {template.Body}"
        : null;

    // A DMS id that is no template name gets another one, of the connector's choice: then the template is known by what it does.
    private static string? FindName(FactInput input, string dmsId, DmsSettings settings, HashSet<string> claimed) =>
        TemplateName().IsMatch(dmsId) ? input.Aws.Templates.ContainsKey(dmsId) ? dmsId : null
        : input.Aws.Templates.Where(template => !claimed.Contains(template.Key) && input.Lamassu.Dms(template.Key) is null && Wrong(template.Value, settings) is null)
            .Select(template => template.Key).Order(StringComparer.Ordinal).FirstOrDefault();

    // Pattern and length (1 to 36) of templateName in the AWS IoT API reference, CreateProvisioningTemplate.
    [GeneratedRegex("^[0-9A-Za-z_-]{1,36}$")]
    private static partial Regex TemplateName();
}
