using System.Globalization;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>
/// STS: who one is, and becoming a role. It has one request line; the form's Action tells the operations apart. Every role of the account may be assumed.
/// </summary>
internal static partial class SecurityTokens
{
    private const string Version = "2011-06-15";

    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    private const int LeastSeconds = 900;
    private const int MostSeconds = 43_200;
    private const int DefaultSeconds = 3600;

    public static IReadOnlyList<Operation> Operations { get; } =
        [Operation.Sts("GetCallerIdentity", GetCallerIdentity), Operation.Sts("AssumeRole", AssumeRole)];

    public static Operation Find(byte[] payload)
    {
        var form = Form(payload);
        return Operations.FirstOrDefault(operation => form.GetValueOrDefault("Action") == operation.Name && form.GetValueOrDefault("Version") == Version)
            ?? throw AwsException.UnknownOperation($"This stand-in knows GetCallerIdentity and AssumeRole of STS version {Version} alone");
    }

    private static AwsAnswer GetCallerIdentity(AwsCall call)
    {
        var (arn, id) = call.StandIn.Sessions.Find(call.AccessKeyId) is { } session
            ? (session.AssumedRoleArn, session.AssumedRoleId)
            : ($"arn:aws:iam::{call.State.Account}:user/sandbox", "AIDASANDBOX");
        return Answer(call, "GetCallerIdentity", $"<Arn>{arn}</Arn><UserId>{id}</UserId><Account>{call.State.Account}</Account>");
    }

    private static AwsAnswer AssumeRole(AwsCall call)
    {
        var form = Form(call.Payload);
        if (form.GetValueOrDefault("RoleArn") is not { } roleArn || RoleArn().Match(roleArn) is not { Success: true } role)
        {
            throw Invalid($"{form.GetValueOrDefault("RoleArn")} is invalid");
        }

        if (form.GetValueOrDefault("RoleSessionName") is not { } sessionName || !SessionName().IsMatch(sessionName))
        {
            throw Invalid("Value at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}");
        }

        if (!int.TryParse(form.GetValueOrDefault("DurationSeconds", $"{DefaultSeconds}"), out var seconds) || seconds is < LeastSeconds or > MostSeconds)
        {
            throw Invalid($"The requested DurationSeconds must lie between {LeastSeconds} and {MostSeconds}");
        }

        if (role.Groups["account"].Value != call.State.Account)
        {
            var user = $"arn:aws:iam::{call.State.Account}:user/sandbox";
            throw AwsException.Denied("AccessDenied", $"User: {user} is not authorized to perform: sts:AssumeRole on resource: {roleArn}");
        }

        var (partition, name) = (role.Groups["partition"].Value, role.Groups["name"].Value);
        var session = call.StandIn.Sessions.Issue(partition, call.State.Account, name, sessionName, TimeSpan.FromSeconds(seconds));
        return Answer(
            call,
            "AssumeRole",
            $"<Credentials><AccessKeyId>{session.AccessKeyId}</AccessKeyId><SecretAccessKey>{session.SecretAccessKey}</SecretAccessKey>"
                + $"<SessionToken>{session.Token}</SessionToken>"
                + $"<Expiration>{session.Expires.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}</Expiration></Credentials>"
                + $"<AssumedRoleUser><Arn>{SecurityElement.Escape(session.AssumedRoleArn)}</Arn>"
                + $"<AssumedRoleId>{session.AssumedRoleId}</AssumedRoleId></AssumedRoleUser>"
        );
    }

    private static AwsAnswer Answer(AwsCall call, string operation, string result) =>
        AwsAnswer.Xml(
            $"<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/{Version}/\"><{operation}Result>{result}</{operation}Result>"
                + $"<ResponseMetadata><RequestId>{call.RequestId}</RequestId></ResponseMetadata></{operation}Response>"
        );

    private static AwsException Invalid(string message) => new("ValidationError", 400, message);

    private static Dictionary<string, string> Form(byte[] payload)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Encoding.UTF8.GetString(payload).Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            form[Uri.UnescapeDataString(pair[0])] = pair.Length > 1 ? Uri.UnescapeDataString(pair[1].Replace('+', ' ')) : "";
        }

        return form;
    }

    [GeneratedRegex(@"^arn:(?<partition>aws[a-z-]*):iam::(?<account>[0-9]{12}):role/(?:[\w+=,.@/-]*/)?(?<name>[\w+=,.@-]{1,64})$")]
    private static partial Regex RoleArn();

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}$")]
    private static partial Regex SessionName();
}
