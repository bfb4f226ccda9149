namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Finds the operation of a request line.</summary>
internal static class Routes
{
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        .. CACertificates.Operations,
        .. Certificates.Operations,
        .. CertificateRegistration.Operations,
        .. Things.Operations,
        .. ThingPrincipals.Operations,
        .. ThingGroups.Operations,
        .. ThingGroupMembership.Operations,
        .. Policies.Operations,
        .. PolicyVersions.Operations,
        .. PolicyTargets.Operations,
        .. ProvisioningTemplates.Operations,
        .. ProvisioningTemplateVersions.Operations,
        .. RegisterThing.Operations,
        .. Tags.Operations,
        .. AccountEndpoints.Operations,
        .. Shadows.Operations,
        .. Connections.Operations,
        .. SecurityTokens.Operations,
    ];

    /// <summary>A literal segment wins over a label. Labels are percent-decoded; a slash within a label travels as %2F and does not split it.</summary>
    /// <exception cref="AwsException">No operation of this service has such a request line.</exception>
    public static (Operation Operation, IReadOnlyDictionary<string, string> Labels) Find(AwsService service, string method, string rawPath)
    {
        var segments = rawPath.Split('/')[1..];
        var found = Operations.Where(operation => operation.Service == service && Fits(operation.Path, segments)).ToList();
        var operation = found.Where(candidate => candidate.Method == method).OrderBy(candidate => candidate.Path.Count(IsLabel)).FirstOrDefault();
        if (operation is not null)
        {
            return (operation, LabelsOf(operation.Path, segments));
        }

        throw found.Count > 0 && service == AwsService.IotData
            ? AwsException.MethodNotAllowed($"{method} is not allowed for {rawPath}")
            : AwsException.UnknownOperation($"Neither this stand-in nor its signing scope knows an operation {method} {rawPath}");
    }

    private static bool Fits(IReadOnlyList<string> path, string[] segments)
    {
        if (path.Count != segments.Length)
        {
            return false;
        }

        for (var i = 0; i < segments.Length; i++)
        {
            if (IsLabel(path[i]) ? segments[i].Length == 0 : path[i] != segments[i])
            {
                return false;
            }
        }

        return true;
    }

    private static Dictionary<string, string> LabelsOf(IReadOnlyList<string> path, string[] segments)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < segments.Length; i++)
        {
            if (IsLabel(path[i]))
            {
                labels[path[i][1..^1]] = Uri.UnescapeDataString(segments[i]);
            }
        }

        return labels;
    }

    private static bool IsLabel(string segment) => segment.StartsWith('{');
}
