using Amazon.Runtime;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>
/// Credentials that are looked for when a call needs them. The SDK looks when a client is made, and a process without credentials would then not start, rather
/// than say what it lacks and go on once it has them.
/// </summary>
internal sealed class LateCredentials(Func<AWSCredentials> find) : AWSCredentials
{
    // A failure is not kept: the next call looks again.
    private readonly Lazy<AWSCredentials> found = new(find, LazyThreadSafetyMode.PublicationOnly);

    public override ImmutableCredentials GetCredentials() => found.Value.GetCredentials();

    public override Task<ImmutableCredentials> GetCredentialsAsync() => found.Value.GetCredentialsAsync();
}
