using System.Text;

namespace LamassuAwsConnector.Sandbox.Aws;

internal static class CallerIdentity
{
    public static IReadOnlyList<Operation> Operations { get; } = [Operation.Sts("GetCallerIdentity", Get)];

    private static AwsAnswer Get(AwsCall call)
    {
        var form = Encoding.UTF8.GetString(call.Payload).Split('&');
        return form.Contains("Action=GetCallerIdentity") && form.Contains("Version=2011-06-15")
            ? AwsAnswer.Xml(
                "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"
                    + $"<Arn>arn:aws:iam::{call.State.Account}:user/sandbox</Arn><UserId>AIDASANDBOX</UserId><Account>{call.State.Account}</Account>"
                    + $"</GetCallerIdentityResult><ResponseMetadata><RequestId>{call.RequestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
            )
            : throw AwsException.UnknownOperation("This stand-in knows GetCallerIdentity of STS version 2011-06-15 alone");
    }
}
